package io.diskwright.cli;

import java.nio.file.Path;

/** Runs the usual commands once, so that the ahead-of-time cache knows their classes. */
public final class Training {

  private Training() {}

  /**
   * Reads images of one folder and writes into another.
   *
   * @param arguments the folder of images, and an empty folder
   */
  public static void main(String[] arguments) {
    Path images = Path.of(arguments[0]);
    Path scratch = Path.of(arguments[1]);
    run("--help");
    run("--version");
    run("convert", "--help");
    run("convert", "--no-such-option");
    run("rules");
    run("rules", "--json");
    for (String name :
        new String[] {
          "qcow2-zlib.qcow2",
          "qcow2-zstd.qcow2",
          "qcow2-over-raw.qcow2",
          "vmdk-monolithic-sparse.vmdk",
          "vmdk-stream-optimized.vmdk",
          "vmdk-monolithic-flat.vmdk",
          "vdi-dynamic.vdi",
          "vhd-dynamic.vhd",
          "vhd-fixed.vhd",
          "raw-mbr.raw",
          "raw-gpt.raw",
          "raw-ext4.raw",
          "raw-fat16.raw",
          "raw-ntfs.raw",
          "qcow2-xfs.qcow2",
          "refuse-vhd-differencing.vhd",
        }) {
      String image = images.resolve(name).toString();
      run("info", image);
      run("info", "--json", image);
      run("map", image);
      run("validate", image);
      run("validate", "--format", "json", image);
      run("convert", "--progress", "plain", image, scratch.resolve(name + ".vhd").toString());
      run(
          "convert",
          "--json",
          "--progress",
          "none",
          "--to",
          "raw",
          "--size",
          "keep",
          image,
          scratch.resolve(name + ".raw").toString());
      run("compare", image, scratch.resolve(name + ".raw").toString());
      run("ls", "-l", "-R", image, "/");
      run("ls", "--json", image);
      run("info", "--deep", image);
      run("copy-out", image, "/", scratch.resolve(name + ".tree").toString());
    }
    Main.main(new String[] {"--version"}); // exits the process, as every command does
  }

  /** The exit code does not matter: refusals are trained too. */
  private static void run(String... arguments) {
    int ignored = Main.run(arguments);
  }
}
