/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capabilities - sets of capabilities by name
 *
 * A closed list: the names are the kernel's, and a unit test compares them
 * with libcap's, which is not loaded for the sake of 41 words.
 */
#include "sandbox/confine/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>

#define BIT(capability) (UINT64_C(1) << (capability))

const uint64_t capabilities_of_shell =
	BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_SETUID) |
	BIT(CAP_SETGID) | BIT(CAP_SETFCAP) | BIT(CAP_SYS_CHROOT) | BIT(CAP_FSETID) |
	BIT(CAP_KILL) | BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_AUDIT_WRITE);

static const char *const names[] = {
	[CAP_CHOWN] = "cap_chown",
	[CAP_DAC_OVERRIDE] = "cap_dac_override",
	[CAP_DAC_READ_SEARCH] = "cap_dac_read_search",
	[CAP_FOWNER] = "cap_fowner",
	[CAP_FSETID] = "cap_fsetid",
	[CAP_KILL] = "cap_kill",
	[CAP_SETGID] = "cap_setgid",
	[CAP_SETUID] = "cap_setuid",
	[CAP_SETPCAP] = "cap_setpcap",
	[CAP_LINUX_IMMUTABLE] = "cap_linux_immutable",
	[CAP_NET_BIND_SERVICE] = "cap_net_bind_service",
	[CAP_NET_BROADCAST] = "cap_net_broadcast",
	[CAP_NET_ADMIN] = "cap_net_admin",
	[CAP_NET_RAW] = "cap_net_raw",
	[CAP_IPC_LOCK] = "cap_ipc_lock",
	[CAP_IPC_OWNER] = "cap_ipc_owner",
	[CAP_SYS_MODULE] = "cap_sys_module",
	[CAP_SYS_RAWIO] = "cap_sys_rawio",
	[CAP_SYS_CHROOT] = "cap_sys_chroot",
	[CAP_SYS_PTRACE] = "cap_sys_ptrace",
	[CAP_SYS_PACCT] = "cap_sys_pacct",
	[CAP_SYS_ADMIN] = "cap_sys_admin",
	[CAP_SYS_BOOT] = "cap_sys_boot",
	[CAP_SYS_NICE] = "cap_sys_nice",
	[CAP_SYS_RESOURCE] = "cap_sys_resource",
	[CAP_SYS_TIME] = "cap_sys_time",
	[CAP_SYS_TTY_CONFIG] = "cap_sys_tty_config",
	[CAP_MKNOD] = "cap_mknod",
	[CAP_LEASE] = "cap_lease",
	[CAP_AUDIT_WRITE] = "cap_audit_write",
	[CAP_AUDIT_CONTROL] = "cap_audit_control",
	[CAP_SETFCAP] = "cap_setfcap",
	[CAP_MAC_OVERRIDE] = "cap_mac_override",
	[CAP_MAC_ADMIN] = "cap_mac_admin",
	[CAP_SYSLOG] = "cap_syslog",
	[CAP_WAKE_ALARM] = "cap_wake_alarm",
	[CAP_BLOCK_SUSPEND] = "cap_block_suspend",
	[CAP_AUDIT_READ] = "cap_audit_read",
	[CAP_PERFMON] = "cap_perfmon",
	[CAP_BPF] = "cap_bpf",
	[CAP_CHECKPOINT_RESTORE] = "cap_checkpoint_restore",
};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

int capabilities_last(void)
{
	int last = 0;

	while (last < 63 && (prctl(PR_CAPBSET_READ, last + 1, 0, 0, 0) >= 0 || errno != EINVAL))
		last++;
	return last;
}

static int find(const char *name)
{
	size_t prefix = strncasecmp(name, "cap_", 4) == 0 ? 4 : 0;

	for (int i = 0; i < NAMES; i++)
		if (strcasecmp(name + prefix, names[i] + 4) == 0)
			return i;
	return -1;
}

int capabilities_read(const char *name, uint64_t *set, struct failure *why)
{
	int value = find(name);

	if (strcasecmp(name, "all") == 0) {
		*set = UINT64_MAX >> (63 - capabilities_last());
		return 0;
	}
	if (value < 0) {
		(void)fail(why, 0, "there is no capability %s", name);
		return hint(why, "capabilities(7) lists them, for example cap_net_raw; or say all");
	}
	if (value > capabilities_last())
		return fail(why, 0, "the running kernel has no capability %s", name);
	*set = BIT(value);
	return 0;
}

const char *capabilities_print(uint64_t set, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < 64 && used < size; i++)
		if ((set & BIT(i)) != 0 && i < NAMES)
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 used > 0 ? " " : "", names[i]);
		else if ((set & BIT(i)) != 0)
			used += (size_t)snprintf(text + used, size - used, "%s%d",
						 used > 0 ? " " : "", i);
	return text;
}
