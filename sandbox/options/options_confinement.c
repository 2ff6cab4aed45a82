/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_confinement - what is closed by default, and how it is opened */
#include "sandbox/options/option_rows.h"

#include "sandbox/number.h"

#include <string.h>

/* The words in the order of their values. */
static int read_word(const struct option_row *row, const char *value, const char *const *words,
		     const char *wanted, struct failure *why)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(value, words[i]) == 0)
			return i;
	return option_bad_value(row, value, wanted, why);
}

SETTER(set_landlock)
{
	static const char *const words[] = {
		[LANDLOCK_ON] = "on", [LANDLOCK_TRY] = "try", [LANDLOCK_OFF] = "off", NULL,
	};
	int mode = read_word(row, value[0], words, "on, try or off", why);

	o->landlock = mode < 0 ? LANDLOCK_ON : (enum landlock_mode)mode;
	return mode < 0 ? -1 : 0;
}

/* PORT[,PORT]…, or none; repeated, the lists add up. */
SETTER(add_ports)
{
	struct ports *ports = (struct ports *)((char *)o + row->word);
	const char *rest = value[0];
	uint64_t port;

	ports->set = true;
	if (strcmp(rest, "none") == 0)
		return 0;
	for (;; rest++) {
		rest = number_read(rest, UINT16_MAX, &port);
		if (rest == NULL || (*rest != '\0' && *rest != ','))
			return option_bad_value(row, value[0],
						"port numbers with commas between, or none", why);
		ports->port = option_grow(ports->port, ports->n, sizeof(*ports->port));
		ports->port[ports->n++] = (uint16_t)port;
		if (*rest == '\0')
			return 0;
	}
}

SETTER(set_text)
{
	*(const char **)((char *)o + row->word) = value[0];
	return value[0][0] != '\0' ? 0 : option_bad_value(row, value[0], "a name", why);
}

SETTER(set_mcs)
{
	o->mcs = true;
	return strcmp(value[0], "auto") == 0 ? 0 : option_bad_value(row, value[0], "auto", why);
}

static const struct option_row labels[] = {
	{ "selinux-label", { "LABEL" }, set_text, FLAG(exec_label), "run as this SELinux label" },
	{ "selinux-file-label", { "LABEL" }, set_text, FLAG(file_label),
	  "label what is made while the root is made" },
	{ "selinux-mcs", { "auto" }, set_mcs, 0, "two SELinux categories of its own" },
	{ "apparmor-profile", { "NAME" }, set_text, FLAG(profile),
	  "run under this AppArmor profile" },
};

/* By bubblewrap's names. */
static const struct option_row labels_of_bwrap[] = {
	{ "exec-label", { "LABEL" }, set_text, FLAG(exec_label), "run as this SELinux label" },
	{ "file-label", { "LABEL" }, set_text, FLAG(file_label),
	  "label what is made while the root is made" },
};

const struct option_section label_options = SECTION_FOR(FOR_CROFT, "Confinement", labels);
const struct option_section label_bwrap_options =
	SECTION_FOR(FOR_BWRAP, "Confinement", labels_of_bwrap);

static const struct option_row confinement[] = {
	{ "landlock", { "MODE" }, set_landlock, 0,
	  "the second wall: on (the default), try or off" },
	{ "allow-tcp-connect", { "PORTS" }, add_ports, FLAG(tcp_connect),
	  "TCP to these ports of the caller's network only" },
	{ "allow-tcp-bind", { "PORTS" }, add_ports, FLAG(tcp_bind),
	  "likewise, where it may listen" },
	{ "share-abstract-sockets", { NULL }, option_set_flag, FLAG(share_abstract_sockets),
	  "and its abstract sockets" },
	{ "allow-sockets", { NULL }, option_set_flag, FLAG(allow_sockets),
	  "let directories of sockets be bound, and be of use" },
	{ "share-keyring", { NULL }, option_set_flag, FLAG(share_keyring),
	  "keep the caller's session keyring" },
	{ "allow-nesting", { NULL }, option_set_flag, FLAG(allow_nesting),
	  "let the command make sandboxes of its own" },
};

const struct option_section confinement_options =
	SECTION_FOR(FOR_CROFT, "Confinement", confinement);
