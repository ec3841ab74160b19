package io.diskwright.source;

import java.util.Optional;

/**
 * How an image is opened.
 *
 * @param format the format it has, {@code qcow2}, {@code vmdk}, {@code vdi}, {@code vhd} or {@code
 *     raw}; empty to recognise it by content
 * @param references which other files it may name
 */
public record OpenOptions(Optional<String> format, ReferencePolicy references) {

  /** Recognised by content, references inside the image's own folder. */
  public static OpenOptions defaults() {
    return new OpenOptions(Optional.empty(), ReferencePolicy.folder());
  }
}
