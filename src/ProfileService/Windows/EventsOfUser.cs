namespace ProfileService.Windows;

/// <summary>The events of one user in an append.</summary>
/// <param name="Places">Where they are among the append's events, in their order.</param>
internal readonly record struct EventsOfUser(string UserId, ArraySegment<int> Places)
{
    /// <summary>An append's events by user, the users in the order of their first events.</summary>
    public static EventsOfUser[] In(IReadOnlyList<WindowEvent> events)
    {
        var numbers = new Dictionary<string, int>(events.Count);
        var (numberOf, ends) = (new int[events.Count], new int[events.Count]);
        for (var i = 0; i < events.Count; i++)
        {
            var userId = events[i].UserId;
            if (!numbers.TryGetValue(userId, out var number))
                numbers.Add(userId, number = numbers.Count);
            numberOf[i] = number;
            ends[number]++;
        }

        // All places in one array, user by user; a user's end becomes its start while they are filled in from the back.
        var (users, places, end) = (new EventsOfUser[numbers.Count], new int[events.Count], 0);
        foreach (var (userId, number) in numbers)
        {
            users[number] = new EventsOfUser(userId, new ArraySegment<int>(places, end, ends[number]));
            ends[number] = end += ends[number];
        }

        for (var i = events.Count - 1; i >= 0; i--)
            places[--ends[numberOf[i]]] = i;
        return users;
    }
}
