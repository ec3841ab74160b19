package io.diskwright.format.vhd;

import io.diskwright.io.ByteSource;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.UnsupportedFeature;
import io.diskwright.vhd.VhdDynamicHeader;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Differencing images are refused: read without their parent they would yield zeros in place of all
 * that they did not change.
 */
final class DifferencingVhd {

  private DifferencingVhd() {}

  /**
   * Says which parent is missing.
   *
   * @throws CorruptImage when the header that names it is damaged
   */
  static UnsupportedFeature refusal(ByteSource source, VhdFooters footers) throws IOException {
    var header =
        VhdDynamicHeader.parse(
            source.view(
                "dynamic header",
                footers.footer().dataOffset(),
                VhdDynamicHeader.SIZE,
                ByteOrder.BIG_ENDIAN));
    String parent =
        header.parentUnicodeName().isEmpty()
            ? "an unnamed parent"
            : "'" + header.parentUnicodeName() + "'";
    return new UnsupportedFeature(
        source.describe(),
        "footer disk type",
        footers.offset() + VhdFooters.DISK_TYPE_AT,
        "4 (differencing), the changes to " + parent + " {" + header.parentUniqueId() + "}",
        "2 (fixed), 3 (dynamic)",
        "Merge it into its parent with the tool that made it, then take the parent");
  }
}
