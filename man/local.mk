dist_man_MANS += man/dchat.1
dist_man_MANS += man/dchat.conf.5
dist_man_MANS += man/dchat-protocol.7
dist_man_MANS += man/dchat-theme.5
