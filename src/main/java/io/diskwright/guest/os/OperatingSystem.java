package io.diskwright.guest.os;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An operating system as its files tell it.
 *
 * @param distribution os-release's {@code ID} in lower case or what it would be, with {@code
 *     centos-stream} and {@code fedora-coreos} told apart; {@code freebsd}, {@code windows}; empty
 *     when it is not known
 * @param likes the distributions it derives from, as os-release names them
 * @param version with the minor version where that is known: {@code 12.5}, {@code 7.9.2009}, {@code
 *     10.0.17763.316}; empty when it is not known
 * @param name for people: {@code Debian GNU/Linux 12 (bookworm)}, {@code Windows 11 Pro}
 * @param architecture of its programs
 * @param kernels of Linux, the newest first
 * @param defaultKernel the one that starts
 * @param windows what only Windows has
 * @param evidence what all this was told by, in the order it was found
 * @param unknowns what could not be told, and why
 */
public record OperatingSystem(
    OsFamily family,
    Optional<String> distribution,
    List<String> likes,
    Optional<String> version,
    Optional<String> name,
    Optional<Architecture> architecture,
    List<Kernel> kernels,
    Optional<Kernel> defaultKernel,
    Optional<InitSystem> init,
    Optional<WindowsFacts> windows,
    List<Evidence> evidence,
    List<Unknown> unknowns) {

  /** Takes copies of the lists. */
  public OperatingSystem {
    likes = List.copyOf(likes);
    kernels = List.copyOf(kernels);
    evidence = List.copyOf(evidence);
    unknowns = List.copyOf(unknowns);
  }

  /** The first number of the version. */
  public OptionalInt major() {
    return number(0);
  }

  /** The second number of the version. */
  public OptionalInt minor() {
    return number(1);
  }

  private OptionalInt number(int place) {
    String[] parts = version.orElse("").split("[.-]", place + 2);
    String part = place < parts.length ? parts[place] : "";
    boolean isNumber =
        !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? OptionalInt.of(Integer.parseInt(part)) : OptionalInt.empty();
  }

  /**
   * One line for people: {@code Debian GNU/Linux 12 (bookworm) 12.5, x86_64, kernel 6.1.0-18-amd64,
   * systemd}.
   */
  public String summary() {
    String shown = name.or(() -> distribution).orElse("unknown " + family.id());
    String exact = version.filter(v -> !shown.contains(v)).map(v -> " " + v).orElse("");
    return Stream.of(
            Optional.of(shown + exact),
            architecture.map(Architecture::id),
            defaultKernel.map(kernel -> "kernel " + kernel.version()),
            init.map(InitSystem::id))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }
}
