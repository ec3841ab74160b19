package io.diskwright.guest.os;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Puts together what a Linux guest is. */
final class LinuxIdentity {

  private LinuxIdentity() {}

  static OperatingSystem of(GuestReader reader) throws IOException {
    Optional<Distribution> distribution = new DistributionFinder(reader).find();
    if (distribution.isEmpty()) {
      reader.unknown("distribution", "no file that names one");
    } else if (distribution.get().version().isEmpty()) {
      reader.unknown("version", "the distribution's files do not tell it");
    }
    Optional<Architecture> architecture = new ArchitectureFinder(reader).find();
    List<Kernel> kernels = new KernelFinder(reader).find();
    if (kernels.isEmpty()) {
      reader.unknown("kernels", "no image in /boot, no directory in /lib/modules");
    }
    Optional<Kernel> defaultKernel = new DefaultKernel(reader, kernels).find();
    Optional<InitSystem> init = new InitFinder(reader).find();
    if (init.isEmpty()) {
      reader.unknown("init", "nothing that is known");
    }
    return new OperatingSystem(
        OsFamily.LINUX,
        distribution.map(Distribution::id),
        distribution.map(Distribution::likes).orElse(List.of()),
        distribution.map(Distribution::version).filter(version -> !version.isEmpty()),
        distribution.map(Distribution::name),
        architecture,
        kernels,
        defaultKernel,
        init,
        Optional.empty(),
        reader.evidence(),
        reader.unknowns());
  }
}
