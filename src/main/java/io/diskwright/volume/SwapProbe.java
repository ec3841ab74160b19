package io.diskwright.volume;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Swap space, whose mark stands at the end of its first page, however large pages are. */
final class SwapProbe {

  private static final int MIN_PAGE = 4 << 10;
  private static final int MAX_PAGE = 64 << 10;
  private static final int MARK = 10;
  private static final int HEADER = 1024;
  private static final List<String> SUSPENDED =
      List.of("S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001");

  /** TuxOnIce leaves the mark of swap space and puts its own at the start. */
  private static final String TUX_ON_ICE = "\u00ed\u00c3\u0002\u00e9\u0098\u0056\u00e5\f";

  private SwapProbe() {}

  static Optional<VolumeContent> detect(Window window) throws IOException {
    for (int page = MIN_PAGE; page <= MAX_PAGE; page *= 2) {
      Optional<ByteView> mark = window.little(page - MARK, MARK);
      if (mark.isEmpty()) {
        return Optional.empty();
      }
      if (mark.get().startsWith(0, "SWAP-SPACE")) {
        return Optional.of(new VolumeContent("swap", "", ""));
      }
      String type = window.magic(0, TUX_ON_ICE) ? "swsuspend" : type(mark.get());
      if (!type.isEmpty()) {
        Optional<VolumeContent> content = content(window, type);
        if (content.isPresent()) {
          return content;
        }
      }
    }
    return Optional.empty();
  }

  /** The type; swap space that holds a suspended system has another mark in the same place. */
  private static String type(ByteView mark) {
    if (mark.startsWith(0, "SWAPSPACE2")) {
      return "swap";
    }
    return SUSPENDED.stream().anyMatch(text -> mark.startsWith(0, text)) ? "swsuspend" : "";
  }

  private static Optional<VolumeContent> content(Window window, String type) throws IOException {
    Optional<ByteView> little = window.little(HEADER, 128);
    Optional<ByteView> found =
        little.isPresent() && little.get().u32(0) != 1 ? window.big(HEADER, 128) : little;
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ByteView header = found.get();
    if (header.u32(0) != 1 || header.u32(4) == 0) {
      // What suspends keeps the header of its own space, but not in every version.
      return type.equals("swsuspend")
          ? Optional.of(new VolumeContent(type, "", ""))
          : Optional.empty();
    }
    String label = Labels.label(header, 28, 16, StandardCharsets.UTF_8);
    return Optional.of(new VolumeContent(type, label, Labels.uuid(header, 12)));
  }
}
