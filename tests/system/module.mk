# SPDX-License-Identifier: GPL-2.0-or-later
# Promises of the manual, kept by the installed croft; setup.bash is what the
# files share.
