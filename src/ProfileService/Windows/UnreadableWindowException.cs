namespace ProfileService.Windows;

/// <summary>A user's stored window was altered or cut. No part of it may be returned.</summary>
internal sealed class UnreadableWindowException() : Exception(
    "The user's stored window was altered or cut, so nothing of it is answered. Restore it from the event archive with " +
    "'profiles rebuild-windows --users', or delete it so that it begins anew: docs/operations.md, Damaged windows and files. " +
    "The log names the user.");
