package dev.sallyport.tsh.command;

import dev.sallyport.console.Document;
import dev.sallyport.console.Printable;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.Ping;
import dev.sallyport.model.ProductVersion;
import dev.sallyport.tsh.Tsh;
import java.util.LinkedHashMap;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tsh version`: of this command, and of the Proxy of the active profile when it answers.
@Command(name = "version", description = "Show the version.")
public final class VersionCommand implements Runnable {
  private final Tsh tsh;

  @Option(names = "--client", description = "Do not ask the Proxy.")
  private boolean client;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|yaml",
      description = "How to print it.")
  private String format = "text";

  /// A part of tsh.
  public VersionCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var chosen = Format.parse(format);
    var out = tsh.console().out();
    var ping = client ? Optional.<Ping>empty() : ping();
    var address = ping.map(found -> found.proxy().ssh().publicAddr());
    if (chosen == Format.TEXT) {
      out.println(ProductVersion.line(Runtime.version().toString()));
      ping.ifPresent(found -> out.println("Proxy version: " + found.serverVersion()));
      address.ifPresent(found -> out.println("Proxy: " + found));
      return;
    }
    var tree = new LinkedHashMap<String, Object>();
    tree.put("version", ProductVersion.NUMBER);
    tree.put("gitref", "");
    tree.put("runtime", "java" + Runtime.version().feature());
    ping.ifPresent(found -> tree.put("proxyVersion", found.serverVersion()));
    address.ifPresent(found -> tree.put("proxyPublicAddress", found));
    out.print(chosen == Format.JSON ? Document.json(tree) : Document.yaml(tree));
  }

  /// A Proxy that does not answer must not keep the command from telling its own version.
  private Optional<Ping> ping() {
    var profile = tsh.profile();
    if (profile.isEmpty()) {
      return Optional.empty();
    }
    try {
      var trust = ProxyTrust.of(tsh, profile.get().proxy().host(), profile);
      return Optional.of(tsh.clusters().ping(profile.get().proxy(), trust));
    } catch (ControlException e) {
      tsh.console()
          .err()
          .println("WARNING: the Proxy does not answer: " + Printable.text(e.reason()));
      return Optional.empty();
    }
  }
}
