package io.diskwright.validate.linux;

import io.diskwright.guest.boot.BootEntry;
import io.diskwright.guest.boot.BootSetup;
import io.diskwright.guest.kernel.Initramfs;
import io.diskwright.guest.os.Kernel;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the kernel and its initramfs are there and fit each other. */
final class KernelRules {

  private static final Set<String> INIT =
      Set.of("init", "sbin/init", "usr/lib/systemd/systemd", "lib/systemd/systemd");

  private KernelRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.boot.kernel-present", KernelRules::kernelPresent),
        Rule.ofFiles("linux.boot.initramfs-present", KernelRules::initramfsPresent),
        Rule.ofFiles("linux.boot.kernel-usable", KernelRules::kernelUsable));
  }

  private static Outcome kernelPresent(GuestFacts facts) throws IOException {
    if (facts.os().family() == OsFamily.FREEBSD) {
      return facts.files().isFile("boot/kernel/kernel")
          ? Outcome.pass("The kernel is /boot/kernel/kernel.")
          : Outcome.fail(
              "There is no kernel.", new Evidence("/boot/kernel/kernel", "absent", "a kernel"));
    }
    Optional<Kernel> kernel = facts.os().defaultKernel();
    if (kernel.isEmpty()) {
      return Outcome.fail(
          "There is no kernel.", new Evidence("/boot and /lib/modules", "none", "a kernel"));
    }
    if (kernel.get().image().isEmpty()) {
      return Outcome.fail(
          "There are modules of kernel " + kernel.get().version() + ", but no image of it.",
          new Evidence(kernel.get().modules().orElse("/lib/modules"), "modules only", "an image"));
    }
    String image = kernel.get().image().get();
    Optional<BootEntry> entry = facts.boot().flatMap(BootSetup::defaultEntry);
    if (entry.isPresent() && BootFiles.find(facts.files(), entry.get().kernel()).isEmpty()) {
      return Outcome.fail(
          "The kernel of the default entry is not there.",
          new Evidence(entry.get().where(), entry.get().kernel(), "a kernel"));
    }
    if (kernel.get().architecture().isEmpty()) {
      return Outcome.unknown("What lies at " + image + " is not recognised as a kernel.");
    }
    return kernel.get().modules().isPresent()
        ? Outcome.pass(
            "The kernel that is started is " + kernel.get().version() + ", " + image + ".")
        : Outcome.fail(
            "The modules of kernel " + kernel.get().version() + " are not installed.",
            new Evidence("/lib/modules/" + kernel.get().version(), "absent", "a directory"));
  }

  private static Outcome initramfsPresent(GuestFacts facts) throws IOException {
    if (facts.os().family() == OsFamily.FREEBSD) {
      return Outcome.notApplicable("FreeBSD starts without an initramfs.");
    }
    Optional<BootKernel> found = BootKernel.of(facts);
    if (found.isEmpty()) {
      return Outcome.unknown("No kernel is known whose initramfs could be looked at.");
    }
    BootKernel boot = found.get();
    String version = boot.kernel().version();
    if (boot.initramfsPath().isEmpty()) {
      return boot.modules().option("EXT4_FS").filter("y"::equals).isPresent()
              && boot.modules().option("VIRTIO_BLK").filter("y"::equals).isPresent()
          ? Outcome.pass("The kernel has all it needs built in and starts without an initramfs.")
          : Outcome.fail(
              "Kernel " + version + " has no initramfs.",
              new Evidence("/boot", "none for " + version, "an initramfs"));
    }
    if (boot.initramfs().isEmpty()) {
      return Outcome.unknown("/" + boot.initramfsPath() + " is not read: " + boot.problem() + ".");
    }
    Initramfs initramfs = boot.initramfs().get();
    if (initramfs.names().stream().noneMatch(INIT::contains)) {
      return Outcome.fail(
          "The initramfs has no program to start.",
          new Evidence("/" + boot.initramfsPath(), "no init", "init"));
    }
    boolean ofOther =
        initramfs.names().stream().anyMatch(n -> n.contains("lib/modules/"))
            && initramfs.names().stream().noneMatch(n -> n.contains("lib/modules/" + version));
    return ofOther
        ? Outcome.fail(
            "The initramfs is of another kernel.",
            new Evidence("/" + boot.initramfsPath(), "modules of another", "of " + version))
        : Outcome.pass(
            "/"
                + boot.initramfsPath()
                + " holds "
                + initramfs.names().size()
                + " files, compressed with "
                + initramfs.compression()
                + ".");
  }

  private static Outcome kernelUsable(GuestFacts facts) throws IOException {
    Optional<BootKernel> found = BootKernel.of(facts);
    if (found.isEmpty()) {
      return Outcome.unknown("No kernel is known that is started.");
    }
    BootKernel boot = found.get();
    String version = boot.kernel().version();
    boolean xenOnly =
        version.endsWith("xen")
            || version.endsWith("-xenU")
            || boot.modules().option("X86_XEN").filter("y"::equals).isPresent()
            || boot.modules().option("X86_64_XEN").filter("y"::equals).isPresent();
    if (xenOnly) {
      return Outcome.fail(
          "The kernel that is started runs under Xen only.",
          new Evidence("/boot", version, "a kernel for any machine"));
    }
    if (isOld(version)) {
      return Outcome.fail(
          "The kernel is older than virtio.", new Evidence("/boot", version, "2.6.24 or later"));
    }
    boolean centos5 =
        facts.os().distribution().filter(d -> d.equals("centos") || d.equals("rhel")).isPresent()
            && facts.os().major().orElse(0) == 5
            && facts.os().minor().orElse(0) < 11;
    if (centos5) {
      return Outcome.fail(
              "Releases of the 5 series before 5.11 do not start on all machines.",
              new Evidence("release", facts.os().version().orElse(""), "5.11"))
          .atMost(Severity.WARNING);
    }
    if (version.contains("debug")) {
      return Outcome.fail(
              "The kernel that is started is one for debugging.",
              new Evidence("/boot", version, "another"))
          .atMost(Severity.INFO);
    }
    return boot.modules().known()
        ? Outcome.pass("Kernel " + version + " is not bound to one hypervisor.")
        : Outcome.unknown(
            "Neither the configuration nor the modules of kernel " + version + " are there.");
  }

  /** virtio came with Linux 2.6.24; Red Hat brought it to its 2.6.18. */
  private static boolean isOld(String version) {
    if (!version.startsWith("2.6.") || version.contains("el5")) {
      return version.startsWith("2.4.") || version.startsWith("2.2.");
    }
    String rest = version.substring("2.6.".length());
    int end = 0;
    while (end < rest.length() && end < 4 && Character.isDigit(rest.charAt(end))) {
      end++;
    }
    return end > 0 && Integer.parseInt(rest.substring(0, end)) < 24;
  }
}
