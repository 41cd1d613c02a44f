# Completion of the options by bash; where bash-completion looks for it, by
# the name of the program.
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA += completion/dchat
