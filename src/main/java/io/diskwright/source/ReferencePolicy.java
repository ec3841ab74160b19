package io.diskwright.source;

import io.diskwright.io.Fault;
import io.diskwright.io.UnsafeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Decides whether a file that an image names may be opened. Every format asks it, for every file.
 * Symbolic links are resolved before the decision; protocol names ({@code json:}, {@code nbd:},
 * {@code http:}, {@code file:}) are never followed.
 */
public final class ReferencePolicy {

  private static final Pattern PROTOCOL =
      Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
  private static final int MAX_SHOWN = 200;

  private final boolean denied;
  private final List<Path> folders;

  private ReferencePolicy(boolean denied, List<Path> folders) {
    this.denied = denied;
    this.folders = List.copyOf(folders);
  }

  /** No image may name any other file. */
  public static ReferencePolicy deny() {
    return new ReferencePolicy(true, List.of());
  }

  /** Files in and below the folder of the image the user named. */
  public static ReferencePolicy folder() {
    return new ReferencePolicy(false, List.of());
  }

  /** As {@link #folder()}, and also files in and below {@code folder}. */
  public static ReferencePolicy alsoUnder(Path folder) {
    return new ReferencePolicy(false, List.of(folder));
  }

  /** Whether no file may be named at all. */
  public boolean denied() {
    return denied;
  }

  /** The folders that are allowed besides the image's own. */
  List<Path> folders() {
    return folders;
  }

  /**
   * Resolves a reference.
   *
   * @param top the image the user named
   * @param referrer the file that holds the reference
   * @param role what the referenced file is to it: {@code backing file}, {@code extent}
   * @param name the reference as it stands in {@code referrer}
   * @param offset where it stands there, in bytes, or {@link Fault#NOWHERE}
   * @return the file's real path, a regular file
   * @throws UnsafeReference when it may not be opened or is not there
   */
  public Path resolve(Path top, Path referrer, String role, String name, long offset)
      throws IOException {
    if (denied) {
      throw unsafe(
          referrer,
          role,
          offset,
          quoted(name),
          "none, since --external deny",
          "Use --external folder to let the image name files of its own folder");
    }
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw unsafe(referrer, role, offset, quoted(name), "a file name", "The image is damaged");
    }
    if (PROTOCOL.matcher(name).matches()) {
      throw unsafe(
          referrer,
          role,
          offset,
          quoted(name),
          "a plain file name; protocol and drive names are never followed",
          "Copy the file beside the image and rebase the image onto its plain name");
    }
    Path folder = absoluteFolder(referrer);
    Path named;
    try {
      named = folder.resolve(name);
    } catch (InvalidPathException e) {
      throw unsafe(
          referrer, role, offset, quoted(name), "a name this system can hold", "Rename the file");
    }
    if (!Files.exists(named)) {
      throw unsafe(
          referrer,
          role,
          offset,
          quoted(name) + ", which is not there",
          "a file that exists",
          "Put the missing file at " + named.normalize());
    }
    Path real = named.toRealPath();
    List<Path> allowed = allowed(top);
    if (allowed.stream().noneMatch(real::startsWith)) {
      throw unsafe(
          referrer,
          role,
          offset,
          quoted(name) + (real.equals(named) ? "" : ", which is " + real),
          "files below " + String.join(", ", allowed.stream().map(Path::toString).toList()),
          "If you trust the image, allow the folder with --external DIR");
    }
    if (!Files.isRegularFile(real)) {
      throw unsafe(
          referrer, role, offset, quoted(name), "a regular file", "Devices are never opened");
    }
    return real;
  }

  private List<Path> allowed(Path top) throws IOException {
    var result = new ArrayList<Path>();
    result.add(absoluteFolder(top).toRealPath());
    for (Path folder : folders) {
      result.add(folder.toRealPath());
    }
    return result;
  }

  private static Path absoluteFolder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private static String quoted(String name) {
    String shown = name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "…" : name;
    return "'" + shown + "'";
  }

  private static UnsafeReference unsafe(
      Path referrer, String role, long offset, String found, String allowed, String remedy) {
    return new UnsafeReference(referrer.toString(), role, offset, found, allowed, remedy);
  }
}
