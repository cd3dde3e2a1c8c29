"""The commands of `hotline`, a module for each family; nothing here is imported before it is called."""
