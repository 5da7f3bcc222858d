package dev.sallyport.rules;

import dev.sallyport.launcher.Teleport;
import dev.sallyport.tctl.TctlMain;
import dev.sallyport.tsh.TshMain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;

/// What the three programs take, as their parsers know it: the flags of each command, by its whole
/// name. Flags that every command of a program takes stand with the program alone.
final class OfferedCommands {
  private final Map<String, Set<String>> flags = new TreeMap<>();

  OfferedCommands() {
    for (var program : List.of(Teleport.model(), TshMain.model(), TctlMain.model())) {
      add("", program);
    }
  }

  /// Names of flags, by command.
  Map<String, Set<String>> flags() {
    return flags;
  }

  private void add(String parents, CommandSpec command) {
    var name = parents + command.name();
    var own = flags.computeIfAbsent(name, _ -> new TreeSet<>());
    for (var option : command.options()) {
      if (!option.hidden() && !(option.inherited() && !parents.isEmpty())) {
        own.addAll(List.of(option.names()));
      }
    }
    // By its own name only: an alias is the same command.
    command.subcommands().values().stream()
        .map(line -> line.getCommandSpec())
        .distinct()
        .forEach(child -> add(name + " ", child));
  }
}
