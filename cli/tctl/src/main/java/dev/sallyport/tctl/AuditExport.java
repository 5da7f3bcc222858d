package dev.sallyport.tctl;

import dev.sallyport.control.AuditChain;
import dev.sallyport.control.AuditChainList;
import dev.sallyport.control.AuditChainPage;
import dev.sallyport.control.AuditRecord;
import dev.sallyport.control.ChainAudit;
import dev.sallyport.control.ChainSource;
import dev.sallyport.control.ControlJson;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// An export in a folder: `export.json` says which chains there are, and `chain-<n>.jsonl` holds
/// each chain, a page of its records and signatures a line.
final class AuditExport implements ChainSource {
  private static final String MANIFEST = "export.json";
  private static final int LINE_MAX = ControlJson.MAX_BODY;

  private final Path folder;
  private final Manifest manifest;
  // Chains are read from front to back; this is where the last reading stopped.
  private String open = "";
  private List<AuditChainPage> pages = List.of();

  /// What is exported.
  ///
  /// @param authorities PEM, also of those whose keys were replaced; to be trusted only by a pin
  ///   that was had from elsewhere
  record Manifest(String clusterName, String authorities, List<AuditChain> chains) {}

  private AuditExport(Path folder, Manifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /// Writes all chains; the folder must be new, so that two exports never mix.
  ///
  /// @return how many records
  static long write(
      ChainSource source, TrustBundle trust, List<ChainAudit.Retired> replaced, Path folder) {
    List<X509Certificate> authorities = new ArrayList<>(trust.hostAuthorities());
    replaced.forEach(one -> authorities.addAll(one.trust().hostAuthorities()));
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      List<AuditChain> chains = source.chains(Optional.empty(), Optional.empty()).chains();
      long records = 0;
      for (int i = 0; i < chains.size(); i++) {
        records += write(source, chains.get(i), folder.resolve("chain-" + i + ".jsonl"));
      }
      Manifest manifest = new Manifest(trust.clusterName(), Pem.encode(authorities), chains);
      Files.writeString(folder.resolve(MANIFEST), ControlJson.text(manifest) + "\n");
      return records;
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed("%s exists already: name a new folder".formatted(folder), e);
    } catch (IOException e) {
      throw new CommandFailed("cannot write %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static long write(ChainSource source, AuditChain chain, Path file) throws IOException {
    long records = 0;
    long next = chain.first();
    try (var writer = Files.newBufferedWriter(file)) {
      while (true) {
        AuditChainPage page = source.chain(chain.name(), next);
        List<AuditRecord> kept =
            page.records().stream().filter(record -> record.sequence() <= chain.last()).toList();
        if (kept.isEmpty()) {
          return records;
        }
        AuditChainPage cut =
            new AuditChainPage(
                kept,
                page.checkpoints().stream()
                    .filter(checkpoint -> checkpoint.sequence() <= chain.last())
                    .toList());
        writer.write(ControlJson.text(cut) + "\n");
        records += kept.size();
        next = kept.getLast().sequence() + 1;
      }
    }
  }

  /// Reads what `write` wrote.
  static AuditExport open(Path folder) {
    Path file = folder.resolve(MANIFEST);
    try {
      if (Files.size(file) > LINE_MAX) {
        throw new CommandFailed("%s is too long for an export".formatted(file));
      }
      return new AuditExport(
          folder, ControlJson.ANSWERS.readValue(Files.readString(file), Manifest.class));
    } catch (IOException | JacksonException e) {
      throw new CommandFailed(
          "%s is no export: %s can't be read (tctl audit export --out DIR makes one)"
              .formatted(folder, MANIFEST),
          e);
    }
  }

  String clusterName() {
    return manifest.clusterName();
  }

  List<X509Certificate> authorities() throws PemException {
    return Pem.certificates(manifest.authorities());
  }

  @Override
  public AuditChainList chains(Optional<Instant> from, Optional<Instant> to) {
    return new AuditChainList(manifest.chains());
  }

  @Override
  public AuditChainPage chain(String name, long from) {
    if (!open.equals(name)) {
      pages = read(name);
      open = name;
    }
    return pages.stream()
        .filter(page -> !page.records().isEmpty())
        .filter(page -> page.records().getLast().sequence() >= from)
        .findFirst()
        .orElse(new AuditChainPage(List.of(), List.of()));
  }

  private List<AuditChainPage> read(String name) {
    int place = manifest.chains().stream().map(AuditChain::name).toList().indexOf(name);
    Path file = folder.resolve("chain-" + place + ".jsonl");
    List<AuditChainPage> read = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        read.add(ControlJson.ANSWERS.readValue(line, AuditChainPage.class));
      }
      return read;
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      throw new CommandFailed(
          "%s can't be read: line %d is not as tctl audit export writes it"
              .formatted(file, read.size() + 1),
          e);
    }
  }
}
