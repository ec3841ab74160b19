package io.diskwright.guest.os;

import java.util.Optional;

/**
 * A kernel that is installed.
 *
 * @param version as {@code uname -r} would print it, as far as image, file name or modules tell
 * @param image its path inside the guest; empty when only its modules are there
 * @param modules the directory of its modules; empty when there is none
 * @param architecture empty when neither image nor version tell
 */
public record Kernel(
    String version,
    Optional<String> image,
    Optional<String> modules,
    Optional<Architecture> architecture) {}
