package io.diskwright.cli;

import io.diskwright.convert.Cancellation;
import picocli.CommandLine;

/** Makes the commands, handing those that take long the process's cancellation. */
record CommandFactory(Cancellation cancellation) implements CommandLine.IFactory {

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == ConvertCommand.class) {
      return type.cast(new ConvertCommand(cancellation));
    }
    if (type == CompareCommand.class) {
      return type.cast(new CompareCommand(cancellation));
    }
    if (type == DigestCommand.class) {
      return type.cast(new DigestCommand(cancellation));
    }
    return CommandLine.defaultFactory().create(type);
  }
}
