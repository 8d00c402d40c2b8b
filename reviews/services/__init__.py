"""Every write that spans rows. Views, tasks and commands call these and write nothing themselves."""
