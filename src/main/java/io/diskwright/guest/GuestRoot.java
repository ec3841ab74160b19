package io.diskwright.guest;

import io.diskwright.guest.os.OsFamily;

/** A volume that an operating system's root directory lies in. */
public record GuestRoot(GuestVolume volume, OsFamily family) {}
