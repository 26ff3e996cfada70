"""What contributors run: check the data, write a study file, turn a form into one."""
