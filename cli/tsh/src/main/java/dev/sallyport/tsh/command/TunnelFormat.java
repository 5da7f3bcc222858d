package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Document;
import dev.sallyport.tsh.running.ClientEnvironment;
import dev.sallyport.tsh.running.Shell;
import dev.sallyport.tsh.running.TunnelInfo;
import java.util.List;
import java.util.Map;

/// How open tunnels are told: to people, to scripts, or as variables to a shell.
sealed interface TunnelFormat {
  /// Sentences and commands to copy.
  record Text() implements TunnelFormat {}

  /// One array, an object for each tunnel.
  record Json() implements TunnelFormat {}

  /// Variables of one tunnel.
  record Variables(Shell shell) implements TunnelFormat {}

  static TunnelFormat parse(String text) {
    return switch (text) {
      case "text" -> new Text();
      case "json" -> new Json();
      default ->
          new Variables(
              Shell.named(text)
                  .orElseThrow(() ->
                      new CommandFailure(
                          "unsupported format \""
                              + text
                              + "\" (expected: text, json, bash, fish or powershell)")));
    };
  }

  /// Refuses what can't be told in this way.
  default void check(int tunnels) {
    if (this instanceof Variables && tunnels > 1) {
      throw new CommandFailure(
          "variables name one database: open one tunnel at a time with this format");
    }
  }

  /// @param randomPort whether the user left the port open
  default String print(List<TunnelInfo> tunnels, boolean randomPort, Map<String, String> env) {
    return switch (this) {
      case Text _ -> text(tunnels, randomPort, env);
      case Json _ -> Document.json(tunnels.stream().map(tunnel -> tunnel.tree(true)).toList());
      case Variables variables ->
          variables.shell().text(ClientEnvironment.of(tunnels.getFirst(), env));
    };
  }

  private static String text(
      List<TunnelInfo> tunnels, boolean randomPort, Map<String, String> env) {
    var text = new StringBuilder();
    for (var tunnel : tunnels) {
      text.append(
          "Started authenticated tunnel for the DynamoDB database \"%s\" in cluster \"%s\" on %s.%n"
              .formatted(tunnel.database(), tunnel.cluster(), tunnel.listening()));
    }
    if (randomPort) {
      text.append(
          "To avoid port randomization, you can choose the listening port using the --port"
              + " flag.\n");
    }
    text.append(
        "\nUse the following command to connect to the database or to the address above using other"
            + " database GUI/CLI clients:\n");
    for (var tunnel : tunnels) {
      text.append(
          "  $ aws --endpoint %s/ [dynamodb|dynamodbstreams|dax] <command>%n"
              .formatted(tunnel.endpoint()));
    }
    var first = tunnels.getFirst();
    var variables = ClientEnvironment.of(first, env).set();
    text.append(
        first.key().isPresent()
            ? "\nThe tunnel is strict: clients must sign with this key pair, which nobody else"
                + " knows:\n"
            : "\nAWS clients insist on credentials and a region; the tunnel ignores them, so any"
                + " will do:\n");
    for (var pair :
        List.of(
            List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            List.of("AWS_REGION", "AWS_DEFAULT_REGION"),
            List.of("NO_PROXY", "no_proxy"))) {
      text.append("  export");
      pair.forEach(name -> text.append(' ').append(name).append('=').append(variables.get(name)));
      text.append('\n');
    }
    return text.toString();
  }
}
