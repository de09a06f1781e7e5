"""From event logs to model packages; README.md beside this folder has the map."""
