"""What comes in: the files of an inbox, of the packets in it and of mails, each with where it lay."""
