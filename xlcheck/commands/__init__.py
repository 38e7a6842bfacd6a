"""What each verb of the command line does: its arguments as one table, and a module for verbs of a kind."""
