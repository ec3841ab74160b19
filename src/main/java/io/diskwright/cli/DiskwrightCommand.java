package io.diskwright.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code diskwright} itself: shows how it is used. */
@Command(
    name = "diskwright",
    description = "Makes virtual machine disk images importable by a cloud.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; the validator found no error",
      "1:done, and the validator found at least one error (compare: the images differ)",
      "2:wrong usage",
      "3:the input is refused; the message names file, structure, offset and value",
      "4:the environment failed: no space, no permission, I/O error",
      "130:interrupted"
    },
    subcommands = {
      ConvertCommand.class,
      InfoCommand.class,
      MapCommand.class,
      LsCommand.class,
      CatCommand.class,
      CopyOutCommand.class,
      CompareCommand.class,
      DigestCommand.class,
      ValidateCommand.class,
      RulesCommand.class,
      HelpCommand.class,
      GenerateCompletion.class
    })
final class DiskwrightCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a COMMAND is missing");
  }
}
