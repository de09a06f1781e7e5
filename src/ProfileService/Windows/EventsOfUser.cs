namespace ProfileService.Windows;

/// <summary>The events of one user in an append.</summary>
/// <param name="Indexes">Indexes of the user's events among all events of the append, ascending.</param>
internal readonly record struct EventsOfUser(string UserId, ArraySegment<int> Indexes)
{
    /// <summary>Groups the events of an append by user. The users are in the order of their first events.</summary>
    public static EventsOfUser[] In(IReadOnlyList<WindowEvent> events)
    {
        var numbers = new Dictionary<string, int>(events.Count); // user → number, in the order of first events
        var (numberOf, counts) = (new int[events.Count], new int[events.Count]); // by event; by number
        for (var i = 0; i < events.Count; i++)
        {
            var userId = events[i].UserId;
            if (!numbers.TryGetValue(userId, out var number))
                numbers.Add(userId, number = numbers.Count);
            numberOf[i] = number;
            counts[number]++;
        }

        // The users' segments of one array follow each other, and are filled from the back.
        var (users, indexes, start) = (new EventsOfUser[numbers.Count], new int[events.Count], 0);
        foreach (var (userId, number) in numbers)
        {
            users[number] = new EventsOfUser(userId, new ArraySegment<int>(indexes, start, counts[number]));
            start += counts[number];
        }

        for (var i = events.Count - 1; i >= 0; i--)
        {
            var segment = users[numberOf[i]].Indexes;
            segment[--counts[numberOf[i]]] = i;
        }

        return users;
    }
}
