package io.diskwright.filesystem;

import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's user-mode Linux: a kernel that runs as a process, with drivers that the machine's own
 * kernel may lack. The machine's files are its root, so that what it writes is there afterwards.
 */
public final class UserModeLinux {

  private static final String INIT =
      """
      #!/usr/bin/python3
      import ctypes, glob, os, subprocess
      libc = ctypes.CDLL(None, use_errno=True)
      folder = os.path.dirname(os.path.abspath(__file__))
      try:
          os.environ['PATH'] = '/usr/sbin:/usr/bin:/sbin:/bin'
          subprocess.run(['mount', '-t', 'proc', 'proc', '/proc'], check=True)
          for module in open(folder + '/modules').read().split():
              path = sorted(glob.glob('/usr/lib/uml/modules/*/kernel/fs/' + module + '.ko'))[-1]
              fd = os.open(path, os.O_RDONLY)
              if libc.syscall(313, fd, b'', 0): raise OSError(ctypes.get_errno(), path)
              os.close(fd)
          with open(folder + '/out', 'wb') as out:
              done = subprocess.run(['sh', '-e', folder + '/job'], cwd=folder, stdout=out,
                                    stderr=subprocess.STDOUT)
          with open(folder + '/code', 'w') as code: code.write(str(done.returncode))
      except Exception as e:
          with open(folder + '/code', 'w') as code: code.write(repr(e))
      finally:
          os.sync()
          libc.reboot(0x4321fedc)
      """;

  private UserModeLinux() {}

  /**
   * Runs a shell script in it.
   *
   * @param folder where the script runs; for its own files too
   * @param modules to load first, under {@code kernel/fs}
   * @param volumes given as {@code /dev/ubda}, {@code /dev/ubdb} and so on, at most 16
   */
  public static void run(Path folder, List<String> modules, List<Path> volumes, String script)
      throws IOException, InterruptedException {
    Path init = Files.writeString(folder.resolve("init"), INIT);
    Files.writeString(folder.resolve("modules"), String.join("\n", modules));
    Files.writeString(folder.resolve("job"), script);
    Tool.run("chmod", "755", init.toString());
    List<String> command =
        new ArrayList<>(
            List.of(
                "linux.uml",
                "mem=256M",
                "root=/dev/root",
                "rootfstype=hostfs",
                "rootflags=/",
                "rw",
                "quiet",
                "con=null",
                "con0=null,fd:2",
                "init=" + init));
    for (int i = 0; i < volumes.size(); i++) {
      command.add("ubd" + (char) ('a' + i) + "=" + volumes.get(i));
    }
    String log = Tool.runWithInput("", command);
    Path code = folder.resolve("code");
    String ended = Files.exists(code) ? Files.readString(code) : "no code";
    if (!ended.equals("0")) {
      Path out = folder.resolve("out");
      throw new IOException(
          "the script ended with "
              + ended
              + ": "
              + (Files.exists(out) ? Files.readString(out) : log));
    }
  }
}
