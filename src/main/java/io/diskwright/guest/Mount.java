package io.diskwright.guest;

import java.util.Optional;

/**
 * A mount that a guest makes.
 *
 * @param volume what it names on this disk; empty when that is nothing, or not known
 * @param shown whether the merged view has it
 * @param reason why it is not shown; empty when it is
 */
public record Mount(FstabEntry entry, Optional<GuestVolume> volume, boolean shown, String reason) {}
