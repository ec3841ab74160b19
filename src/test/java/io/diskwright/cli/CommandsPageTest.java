package io.diskwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.convert.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * docs/commands.md is what {@code --help} says, command by command. After a change of an option, run
 * this with {@code -Ddiskwright.write-docs=true} to write the page anew.
 */
class CommandsPageTest {

  private static final Path PAGE = Path.of("docs", "commands.md");

  @Test
  void thePageIsCurrent() throws Exception {
    String page = page();
    if (Boolean.getBoolean("diskwright.write-docs")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).hasContent(page);
  }

  private static String page() {
    var page = new StringBuilder("# Commands\n\nWhat `--help` says; a test keeps this page current.\n");
    CommandLine command = Main.commandLine(new Cancellation());
    append(page, command);
    command.getSubcommands().values().forEach(sub -> append(page, sub));
    return page.toString();
  }

  private static void append(StringBuilder page, CommandLine command) {
    command.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
    page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
    page.append(command.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing().replaceAll("[ \t]+\n", "\n"));
    page.append("\n```\n");
  }
}
