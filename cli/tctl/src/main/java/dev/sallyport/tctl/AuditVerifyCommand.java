package dev.sallyport.tctl;

import dev.sallyport.audit.chain.ChainFault;
import dev.sallyport.console.Printable;
import dev.sallyport.console.TextTable;
import dev.sallyport.control.ChainAudit;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tctl audit verify`: reads every record and believes none; exit code 1 when something is wrong.
/// Losses that were declared are shown, and are wrong with `--strict` only.
@Command(
    name = "verify",
    description = "Checks that no audit record was dropped, edited, moved, forked or cut off.")
final class AuditVerifyCommand implements Callable<Integer> {
  private static final int FAULTS_SHOWN = 100;
  private static final long CA_BYTES_MAX = 1 << 20;

  private final Tool tool;

  @Mixin AuditWindow window = new AuditWindow();

  @Option(
      names = "--offline",
      paramLabel = "DIR",
      description = "check what tctl audit export wrote there, without the cluster")
  @Nullable Path offline;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "with --offline: PEM certificates of the cluster's host authorities")
  @Nullable Path ca;

  @Option(
      names = "--ca-pin",
      paramLabel = "PIN",
      description = "with --offline: take the authorities of the export that have this pin")
  List<String> pins = List.of();

  @Option(names = "--strict", description = "fail for declared losses too")
  boolean strict;

  AuditVerifyCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    Instant now = tool.invocation().clock().instant();
    Optional<Instant> from = window.from(now);
    Optional<Instant> to = window.to(now);
    Path folder = offline;
    if (folder != null) {
      if (from.isPresent() || to.isPresent()) {
        throw new CommandFailed("--from and --to work with the cluster, not with --offline");
      }
      AuditExport export = AuditExport.open(folder);
      return print(new ChainAudit(export, trust(export)).verify(from, to));
    }
    if (ca != null || !pins.isEmpty()) {
      throw new CommandFailed("--ca and --ca-pin go with --offline");
    }
    return print(
        tool.withApi(
            api -> new ChainAudit(api.audit(), api.trust(), replaced(api)).verify(from, to)));
  }

  /// Hosts' authorities whose keys were replaced since records were signed with them.
  static List<ChainAudit.Retired> replaced(AdminApi api) {
    return api.list(Kind.CERT_AUTHORITY, false).stream()
        .map(CertAuthority.class::cast)
        .filter(authority -> authority.type().equals(CaKind.HOST.wireName()))
        .flatMap(authority -> ChainAudit.retired(authority).stream())
        .toList();
  }

  private TrustBundle trust(AuditExport export) {
    List<X509Certificate> authorities = new ArrayList<>();
    Path file = ca;
    try {
      if (file != null) {
        if (Files.size(file) > CA_BYTES_MAX) {
          throw new CommandFailed("%s is too large for certificates".formatted(file));
        }
        authorities.addAll(Pem.certificates(Files.readString(file)));
      }
      for (X509Certificate offered : export.authorities()) {
        for (String pin : pins) {
          if (CaPin.parse(pin).matches(offered) && !authorities.contains(offered)) {
            authorities.add(offered);
          }
        }
      }
    } catch (PemException | IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandFailed("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    if (authorities.isEmpty()) {
      throw new CommandFailed(
          "whose signatures count? Give --ca-pin (as tctl status shows it; keep it apart from the"
              + " export) or --ca");
    }
    return TrustBundle.ofHosts(export.clusterName(), authorities);
  }

  private int print(List<ChainAudit.Finding> findings) {
    TextTable table =
        new TextTable("Chain", "Records", "Checked", "Signed up to", "Faults", "Declared");
    long faults = 0;
    for (ChainAudit.Finding finding : findings) {
      faults += finding.faults().size();
      table.row(
          finding.chain(),
          finding.last() < finding.first() ? "none" : finding.first() + " to " + finding.last(),
          Long.toString(finding.checked()),
          finding.proven() >= finding.first() ? Long.toString(finding.proven()) : "-",
          Integer.toString(finding.faults().size()),
          Integer.toString(finding.declared().size()));
    }
    tool.out().print(table.text());
    tool.out().println();
    show(findings.stream().flatMap(finding -> finding.declared().stream()));
    long declared = findings.stream().mapToLong(finding -> finding.declared().size()).sum();
    if (faults == 0) {
      tool.out()
          .println(
              declared == 0
                  ? "Everything is as it was recorded."
                  : "Everything is as it was recorded; the losses above were declared.");
      return strict && declared > 0 ? 1 : 0;
    }
    show(findings.stream().flatMap(finding -> finding.faults().stream()));
    throw new CommandFailed(
        "the audit log is not as it was recorded: %d fault%s"
            .formatted(faults, faults == 1 ? "" : "s"));
  }

  private void show(Stream<ChainFault> faults) {
    faults
        .limit(FAULTS_SHOWN)
        .forEach(fault ->
            tool.out()
                .println(
                    Printable.line(
                        "%s  %s  %s".formatted(fault.kind(), fault.chain(), fault.message()))));
  }
}
