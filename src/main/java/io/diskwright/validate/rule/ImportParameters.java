package io.diskwright.validate.rule;

import io.diskwright.guest.GuestFamily;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What to enter in the import dialog; what is not proven is left out. */
public final class ImportParameters {

  private ImportParameters() {}

  /** The parameters in the dialog's order. */
  public static Map<String, Object> of(Facts facts) throws IOException {
    var parameters = new LinkedHashMap<String, Object>();
    String format = facts.info().format();
    if (facts.profile().accepts(format, facts.info().subformat()).isPresent()) {
      parameters.put("Format", format.toUpperCase(Locale.ROOT));
    }
    parameters.put("DiskImageSize", DiskSizeRules.importGib(facts));
    try {
      GuestFamily guest = facts.family();
      if (guest == GuestFamily.LINUX || guest == GuestFamily.WINDOWS) {
        parameters.put("OSType", guest.name().toLowerCase(Locale.ROOT));
      }
      if (BootRules.startsByBios(facts)) {
        parameters.put("BootMode", "BIOS");
      }
    } catch (ImageException e) {
      // The rules report what cannot be read; here it only leaves the parameters out.
      return parameters;
    }
    return parameters;
  }
}
