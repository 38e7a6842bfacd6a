"""What the county sends out: letters, the workbooks that go with them, and the mails."""
