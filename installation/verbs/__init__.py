"""What each word on the command line does; one file for each kind of thing it acts on."""
