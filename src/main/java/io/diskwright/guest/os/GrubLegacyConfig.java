package io.diskwright.guest.os;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code menu.lst} or {@code grub.conf} of GRUB 0.9.
 *
 * @param defaultEntry a number from 0, or {@code saved}
 */
record GrubLegacyConfig(BootMenu menu, String defaultEntry) {

  private static final Pattern DEFAULT = Pattern.compile("default[\\s=]+(\\S+)");
  private static final Pattern TITLE = Pattern.compile("title[\\s=]+(.*)");
  private static final Pattern KERNEL =
      Pattern.compile("(kernel|module)[\\s=]+(?:--\\S+\\s+)*(\\S+)(?:\\s.*)?");

  static GrubLegacyConfig parse(String text) {
    var menu = new BootMenu();
    String defaultEntry = "0";
    BootMenu.@Nullable Item item = null;
    int entries = 0;
    for (String raw : Limits.lines(text)) {
      String line = raw.strip();
      Matcher title = TITLE.matcher(line);
      Matcher kernel = KERNEL.matcher(line);
      Matcher set = DEFAULT.matcher(line);
      if (title.matches() && entries < Limits.MENU_ENTRIES) {
        entries++;
        item = menu.add(title.group(1), "");
      } else if (item != null && kernel.matches() && isLinux(kernel)) {
        item.starts(kernel.group(2));
      } else if (item == null && set.matches()) {
        defaultEntry = set.group(1);
      }
    }
    return new GrubLegacyConfig(menu, defaultEntry);
  }

  /** The image that is started by default; empty when that was saved elsewhere. */
  Optional<String> image() {
    return menu.image(defaultEntry);
  }

  /** What Xen starts is its first module; the kernel is Xen. */
  private static boolean isLinux(Matcher line) {
    return !line.group(2).contains("xen.gz") && !line.group(2).contains("xen-");
  }
}
