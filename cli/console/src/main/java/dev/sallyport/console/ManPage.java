package dev.sallyport.console;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The manual page of a program, made of the very commands and flags that its parser knows. In the
/// macros of man(7), which every reader of manual pages takes. The same model has the same text.
public final class ManPage {
  private static final String USER_COMMANDS = "1";

  private final StringBuilder text = new StringBuilder();

  private ManPage() {}

  /// The page, for a file `PROGRAM.1`.
  ///
  /// @param program its whole tree of commands
  /// @param version of the product
  /// @param about what the program is, in a few words
  public static String of(CommandSpec program, String version, String about) {
    var page = new ManPage();
    var name = program.name();
    page.macro(
        "TH",
        name.toUpperCase(Locale.ROOT),
        USER_COMMANDS,
        "",
        "Sallyport " + version,
        "Sallyport");
    page.macro("SH", "NAME");
    page.line(name + " - " + about);
    page.macro("SH", "SYNOPSIS");
    page.line(name + " [options] command [options] [arguments]");
    page.macro("SH", "OPTIONS");
    page.arguments(program);
    page.macro("SH", "COMMANDS");
    page.commands(name, program);
    page.macro("SH", "EXIT STATUS");
    page.line(
        "0 on success; 1 when the command failed, with ERROR: and the reason on standard error.");
    return page.text.toString();
  }

  private void commands(String path, CommandSpec of) {
    for (var command : inOrder(of)) {
      var whole = path + " " + command.name();
      if (command.subcommands().isEmpty()) {
        macro("SS", synopsis(whole, command));
        for (var said : command.usageMessage().description()) {
          line(Ansi.OFF.string(said));
        }
        arguments(command);
      } else {
        commands(whole, command);
      }
    }
  }

  private static List<CommandSpec> inOrder(CommandSpec of) {
    return of.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .distinct()
        .sorted(Comparator.comparing(CommandSpec::name))
        .toList();
  }

  private static String synopsis(String whole, CommandSpec command) {
    var said = new StringBuilder(whole);
    if (!command.options().isEmpty()) {
      said.append(" [options]");
    }
    for (var argument : command.positionalParameters()) {
      var label = argument.paramLabel();
      boolean plain = argument.arity().min() > 0 || label.startsWith("[");
      said.append(plain ? " " + label : " [" + label + "]");
    }
    return said.toString();
  }

  private void arguments(CommandSpec command) {
    Stream.<ArgSpec>concat(
            command.positionalParameters().stream().filter(one -> !one.hidden()),
            command.options().stream()
                .filter(one -> !one.hidden() && !one.inherited())
                .sorted(Comparator.comparing(OptionSpec::longestName)))
        .forEach(this::argument);
  }

  private void argument(ArgSpec argument) {
    text.append(".TP\n");
    line(
        switch (argument) {
          case OptionSpec option when takesValue(option) ->
              String.join(", ", option.names()) + "=" + bare(option.paramLabel());
          case OptionSpec option -> String.join(", ", option.names());
          default -> argument.paramLabel();
        });
    var said = String.join(" ", argument.description()).strip();
    line(said.isEmpty() ? "(no description)" : Ansi.OFF.string(said));
  }

  private static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  private static String bare(String label) {
    return label.startsWith("=") ? label.substring(1) : label;
  }

  private void macro(String name, String... arguments) {
    text.append('.').append(name);
    for (var argument : arguments) {
      text.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
  }

  /// A line of text, whatever it begins with.
  private void line(String said) {
    for (var one : said.lines().toList()) {
      text.append("\\&").append(escaped(one)).append('\n');
    }
  }

  private static String escaped(String said) {
    var escaped = new StringBuilder();
    said.codePoints().forEach(point -> escaped.append(escaped(point)));
    return escaped.toString();
  }

  private static String escaped(int point) {
    return switch (point) {
      case '\\' -> "\\e";
      case '-' -> "\\-";
      case '\'' -> "\\(aq";
      default ->
          point < 0x80 ? Character.toString(point) : String.format(Locale.ROOT, "\\[u%04X]", point);
    };
  }
}
