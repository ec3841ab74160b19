package io.diskwright.guest.os;

/**
 * Something that could not be told.
 *
 * @param what the fact, or the path inside the guest that was not readable
 * @param reason why, in one line
 */
public record Unknown(String what, String reason) {}
