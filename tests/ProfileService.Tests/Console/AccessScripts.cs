namespace ProfileService.Tests.ConsolePages;

/// <summary>Questions to a page about how it reads, asked by script.</summary>
internal static class AccessScripts
{
    /// <summary>Controls and pictures that have nothing a screen reader could call them by.</summary>
    public const string WithoutName = """
        [...document.querySelectorAll('a, button, input, select, textarea, summary, svg[role], [role=img], img')]
            .filter(e => e.checkVisibility())
            .filter(e => !(e.getAttribute('aria-label') || e.labels?.length || (e.localName === 'img' ? e.hasAttribute('alt') : e.textContent.trim())))
            .map(e => e.outerHTML.slice(0, 200))
        """;

    public const string TwiceTheSameId = """
        (ids => ids.filter((id, i) => ids.indexOf(id) !== i))([...document.querySelectorAll('[id]')].map(e => e.id))
        """;

    /// <summary>Ids that an aria attribute or a label names and that are not there.</summary>
    public const string BrokenReferences = """
        ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-activedescendant', 'for', 'list'].flatMap(name =>
            [...document.querySelectorAll(`[${name}]`)].flatMap(e => e.getAttribute(name).split(' ')).filter(id => !document.getElementById(id)))
        """;

    /// <summary>Each visible text with the contrast between its colour and what lies behind it, by the formula of WCAG 2.</summary>
    public const string Contrasts = """
        (() => {
            const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
            const rgba = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
            const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
            const behind = e => {
                const layers = [];
                for (let at = e; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
                return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
            };
            const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
            return [...document.querySelectorAll('body *')]
                .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('.visually-hidden, option, datalist, noscript'))
                .map(e => { const back = behind(e); return { text: e.textContent.slice(0, 40), style: e.className, contrast: contrast(over(rgba(getComputedStyle(e).color), back), back) }; });
        })()
        """;
}
