# Themes besides the two that are built in; dchat-theme(5).
themedir = $(pkgdatadir)/themes
dist_theme_DATA += \
	themes/contrast.theme \
	themes/colour-safe.theme \
	themes/plain.theme
