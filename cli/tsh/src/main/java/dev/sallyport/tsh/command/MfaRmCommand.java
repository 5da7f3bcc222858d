package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.tsh.Tsh;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tsh mfa rm`: removes a device.
@Command(name = "rm", description = "Remove a second factor.")
public final class MfaRmCommand implements Runnable {
  private final Tsh tsh;

  @Parameters(arity = "1", paramLabel = "NAME", description = "Name or id of the device.")
  private String name = "";

  /// A part of tsh.
  public MfaRmCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    try (var session = MfaSession.open(tsh)) {
      var device =
          session.factors().devices().stream()
              .filter(held -> held.name().equals(name) || held.id().equals(name))
              .findFirst()
              .orElseThrow(() -> new CommandFailure("device \"" + name + "\" not found"));
      session.factors().remove(device.id(), session.proof("tsh mfa rm " + device.name()));
      tsh.console().out().println("MFA device \"" + device.name() + "\" removed.");
    }
  }
}
