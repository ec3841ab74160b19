package io.diskwright.filesystem.fat;

import io.diskwright.filesystem.KernelView;
import io.diskwright.filesystem.UserModeLinux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Linux' vfat at work on volumes: all of them in one start of a user-mode kernel. */
final class VfatKernel {

  private static final List<String> MODULES =
      List.of("nls/nls_cp437", "nls/nls_utf8", "nls/nls_iso8859-1", "fat/fat", "fat/vfat");
  private static final String OPTIONS = "tz=UTC,iocharset=utf8,utf8=1,umask=022";

  private VfatKernel() {}

  /**
   * Runs Python on each mounted volume, then lists it mounted anew and read-only.
   *
   * @param filler with arguments: the mount point, and what is in {@code arguments}; empty for none
   * @return what {@link KernelView#script} printed, a volume each
   */
  static List<Map<String, String>> fillAndList(
      Path folder, List<Path> volumes, String filler, List<String> arguments)
      throws IOException, InterruptedException {
    Path mount = Files.createDirectories(folder.resolve("mnt"));
    Files.writeString(folder.resolve("fill.py"), filler);
    Files.writeString(folder.resolve("list.py"), KernelView.script());
    var job = new StringBuilder();
    for (int i = 0; i < volumes.size(); i++) {
      String device = "/dev/ubd" + (char) ('a' + i) + " " + mount + "\n";
      if (!filler.isEmpty()) {
        job.append("mount -t vfat -o " + OPTIONS + " " + device);
        job.append("python3 fill.py " + mount + " " + arguments.get(i) + "\n");
        job.append("umount " + mount + "\n");
      }
      job.append("mount -t vfat -o ro," + OPTIONS + " " + device);
      job.append("python3 list.py " + mount + " > list-" + i + "\n");
      job.append("umount " + mount + "\n");
    }
    UserModeLinux.run(folder, MODULES, volumes, job.toString());
    List<Map<String, String>> views = new ArrayList<>();
    for (int i = 0; i < volumes.size(); i++) {
      views.add(KernelView.ofOutput(Files.readString(folder.resolve("list-" + i))));
    }
    return views;
  }
}
