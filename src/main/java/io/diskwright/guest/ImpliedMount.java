package io.diskwright.guest;

/**
 * A mount that a system makes without being told by /etc/fstab, if nothing lies there.
 *
 * @param spec as /etc/fstab would name the volume
 */
record ImpliedMount(GuestVolume volume, String spec, String path) {}
