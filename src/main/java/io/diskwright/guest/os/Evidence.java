package io.diskwright.guest.os;

/**
 * What a fact was told by.
 *
 * @param fact what it is evidence for: {@code distribution}, {@code default kernel}
 * @param source a path inside the guest, or a key of its registry
 * @param found what stands there, in one line
 */
public record Evidence(String fact, String source, String found) {}
