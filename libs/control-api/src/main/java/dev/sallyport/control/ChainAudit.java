package dev.sallyport.control;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.ClusterEvent;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.chain.ChainFault;
import dev.sallyport.audit.chain.ChainHash;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.ChainVerifier;
import dev.sallyport.audit.chain.ChainVerifier.Trust;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.store.ChainNames;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks chains of audit records, wherever they come from, against nothing but the cluster's host
/// authorities: every record's place and bytes, what agents signed, and what Auth noted elsewhere.
public final class ChainAudit {
  private static final Set<SystemRole> SIGNERS = Set.of(SystemRole.DB, SystemRole.AUTH);

  private static final String ROLLED_BACK = "TAS01E";

  /// Records that wait for their signature at the end of a chain: an agent signs every thousand,
  /// and every ten seconds.
  private static final long UNSIGNED_MAX = 10_000;

  private final ChainSource source;
  private final TrustBundle trust;
  private final List<Retired> retired;

  /// @param trust whose signatures count
  public ChainAudit(ChainSource source, TrustBundle trust) {
    this(source, trust, List.of());
  }

  /// @param trust whose signatures count
  /// @param retired whose signatures counted once
  public ChainAudit(ChainSource source, TrustBundle trust, List<Retired> retired) {
    this.source = source;
    this.trust = trust;
    this.retired = List.copyOf(retired);
  }

  /// A host authority whose key was replaced: what says that it was signed before still counts.
  ///
  /// @param at since when it is not trusted any more
  public record Retired(TrustBundle trust, Instant at) {}

  /// Those of the cluster's host authority.
  public static List<Retired> retired(CertAuthority hosts) {
    var retired = new ArrayList<Retired>();
    for (var one : hosts.retired()) {
      try {
        var certificate = Pem.certificate(one.certPem());
        retired.add(
            new Retired(TrustBundle.ofHosts(hosts.clusterName(), List.of(certificate)), one.at()));
      } catch (PemException | IllegalArgumentException e) {
        throw new ControlException(
            ErrorKind.INTERNAL, "a replaced host authority cannot be read: " + e.getMessage(), e);
      }
    }
    return List.copyOf(retired);
  }

  /// What was found in one chain.
  ///
  /// @param first the first record that was to be checked
  /// @param last the last one
  /// @param checked how many records were
  /// @param proven up to which record an agent's signature stands; below `first` when none does
  /// @param faults everything that is not as it was made
  /// @param declared losses that the agent or Auth itself put on record: no signs of tampering
  public record Finding(
      String chain,
      long first,
      long last,
      long checked,
      long proven,
      List<ChainFault> faults,
      List<ChainFault> declared) {
    /// Copies the lists.
    public Finding {
      faults = List.copyOf(faults);
      declared = List.copyOf(declared);
    }

    private Finding and(List<ChainFault> more) {
      var all = new ArrayList<>(faults);
      all.addAll(more);
      return new Finding(chain, first, last, checked, proven, all, declared);
    }
  }

  /// Checks every chain, of a window only the records that came in it.
  public List<Finding> verify(Optional<Instant> from, Optional<Instant> to) {
    var findings = new ArrayList<Finding>();
    var whole = from.isEmpty() && to.isEmpty();
    for (var chain : source.chains(from, to).chains()) {
      findings.add(verify(chain, whole));
    }
    if (!whole) {
      return List.copyOf(findings);
    }
    var misindexed = misindexed();
    var all = new ArrayList<Finding>();
    for (var finding : findings) {
      var more = misindexed.remove(finding.chain());
      all.add(more == null ? finding : finding.and(more));
    }
    // What is wrong in a chain that was not listed is wrong all the same.
    misindexed.forEach(
        (chain, faults) -> all.add(new Finding(chain, 0, 0, 0, 0, faults, List.of())));
    return List.copyOf(all);
  }

  /// What searches show wrongly, by chain.
  private Map<String, List<ChainFault>> misindexed() {
    var faults = new HashMap<String, List<ChainFault>>();
    long after = -1;
    for (var page = source.index(0); page.last() > after; page = source.index(after)) {
      for (var wrong : page.mismatches()) {
        faults
            .computeIfAbsent(wrong.chain(), _ -> new ArrayList<>())
            .add(
                new ChainFault(
                    ChainFault.Kind.MISINDEXED,
                    ChainNames.parse(wrong.chain()),
                    wrong.sequence(),
                    wrong.sequence(),
                    wrong.message()));
      }
      after = page.last();
    }
    return faults;
  }

  private Finding verify(AuditChain chain, boolean whole) {
    ChainId id;
    try {
      id = ChainNames.parse(chain.name());
    } catch (IllegalArgumentException e) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "a chain has the name \"%s\"".formatted(chain.name()), e);
    }
    var faults = new ArrayList<ChainFault>();
    var losses = new DeclaredLosses();
    Optional<ChainVerifier> begun =
        chain.anchor().map(anchor -> begin(id, chain.first(), anchor, faults));
    // Records are checked as far as a signature after the last of them: it holds the end, too.
    var target = whole ? Math.max(chain.last(), noted(chain)) : chain.last();
    var next = chain.first();
    var more = true;
    while (more) {
      var page = source.chain(chain.name(), next);
      if (page.records().isEmpty()) {
        break;
      }
      var first = page.records().getFirst();
      var verifier = begun.orElseGet(() -> attach(id, chain.first(), first, faults));
      begun = Optional.of(verifier);
      feed(page, chain.witness(), verifier, faults);
      page.records().forEach(losses::read);
      next = page.records().getLast().sequence() + 1;
      more =
          next > first.sequence()
              && (verifier.at().sequence() < target || verifier.proven() < target);
    }
    var verifier = begun.orElseGet(() -> new ChainVerifier(ChainLink.origin(id)));
    if (more) {
      end(chain, verifier, faults);
    }
    if (whole) {
      edge(id, chain, faults);
    }
    faults.addAll(verifier.finish(chain.last()));
    var split = losses.split(faults, verifier.proven());
    return new Finding(
        chain.name(),
        chain.first(),
        chain.last(),
        verifier.checked(),
        verifier.proven(),
        split.faults(),
        split.declared());
  }

  private static long noted(AuditChain chain) {
    return chain.witness().map(AuditChain.Witness::sequence).orElse(0L);
  }

  /// Begins at the first record that is there, in the middle of a chain. What it says of the one
  /// before is held by the next signature.
  private static ChainVerifier attach(
      ChainId id, long expected, AuditRecord first, List<ChainFault> faults) {
    if (first.sequence() > expected) {
      faults.add(
          new ChainFault(
              ChainFault.Kind.MISSING,
              id,
              expected,
              first.sequence() - 1,
              "records %d to %d are missing".formatted(expected, first.sequence() - 1)));
    }
    return begin(id, first.sequence(), first.previous(), faults);
  }

  /// A chain that begins at its first record begins with the hash that its name gives.
  private static ChainVerifier begin(
      ChainId id, long first, String anchor, List<ChainFault> faults) {
    var origin = ChainLink.origin(id);
    if (first == 1 && !origin.hash().hex().equals(anchor)) {
      faults.add(
          new ChainFault(
              ChainFault.Kind.EDITED, id, 1, 1, "the chain does not begin as its name says"));
      return new ChainVerifier(origin);
    }
    return new ChainVerifier(new ChainLink(id, Math.max(0, first - 1), hash(anchor)));
  }

  private void feed(
      AuditChainPage page,
      Optional<AuditChain.Witness> witness,
      ChainVerifier verifier,
      List<ChainFault> faults) {
    var signed = new ArrayList<>(page.checkpoints());
    for (var record : page.records()) {
      verifier.record(
          record.sequence(), record.body().getBytes(StandardCharsets.UTF_8), hash(record.hash()));
      rolledBack(record, faults);
      witness
          .filter(noted -> noted.sequence() == record.sequence())
          .filter(noted -> !noted.hash().equals(verifier.at().hash().hex()))
          .ifPresent(noted ->
              faults.add(
                  new ChainFault(
                      ChainFault.Kind.FORKED,
                      verifier.at().chain(),
                      noted.sequence(),
                      noted.sequence(),
                      "Auth noted another history up to record " + noted.sequence())));
      for (var checkpoint : signed) {
        if (checkpoint.sequence() == record.sequence()) {
          verifier.checkpoint(checkpoint, trust(checkpoint));
        }
      }
    }
  }

  /// There are no more records: are there signatures or notes for more, and is there a signature
  /// for these?
  private void end(AuditChain chain, ChainVerifier verifier, List<ChainFault> faults) {
    var id = verifier.at().chain();
    var last = verifier.at().sequence();
    for (var checkpoint : source.chain(chain.name(), last + 1).checkpoints()) {
      if (checkpoint.sequence() > last) {
        verifier.checkpoint(checkpoint, trust(checkpoint));
      }
    }
    if (noted(chain) > last) {
      faults.add(
          new ChainFault(
              ChainFault.Kind.TRUNCATED,
              id,
              Math.max(last + 1, chain.first()),
              noted(chain),
              "Auth noted records up to %d and the records end at %d"
                  .formatted(noted(chain), last)));
    }
    var signed =
        Math.max(chain.witness().map(AuditChain.Witness::signed).orElse(0L), last - UNSIGNED_MAX);
    if (verifier.claimed() < Math.min(signed, last)) {
      faults.add(
          new ChainFault(
              ChainFault.Kind.UNSIGNED,
              id,
              verifier.claimed() + 1,
              Math.min(signed, last),
              "records %d to %d were signed, and no signature is there"
                  .formatted(verifier.claimed() + 1, Math.min(signed, last))));
    }
  }

  /// Only retention may have taken the beginning away, and what it takes is noted.
  private static void edge(ChainId id, AuditChain chain, List<ChainFault> faults) {
    var left = chain.witness().map(AuditChain.Witness::first).orElse(1L);
    if (chain.first() > left) {
      faults.add(
          new ChainFault(
              ChainFault.Kind.MISSING,
              id,
              left,
              chain.first() - 1,
              "records %d to %d are missing, and retention did not drop them"
                  .formatted(left, chain.first() - 1)));
    }
  }

  /// Auth itself puts on record when its store was not as it had left it.
  private static void rolledBack(AuditRecord record, List<ChainFault> faults) {
    if (!record.body().contains(ROLLED_BACK)) {
      return;
    }
    try {
      if (AuditJson.read(record.body()) instanceof ClusterEvent.AuditStoreNotice notice
          && notice.state() == ClusterEvent.StoreState.ROLLED_BACK) {
        faults.add(
            new ChainFault(
                ChainFault.Kind.TRUNCATED,
                ChainNames.parse(notice.chain()),
                notice.first(),
                notice.last(),
                "Auth found at %s that %s, and had noted records up to %d"
                    .formatted(notice.header().time(), notice.reason(), notice.last())));
      }
    } catch (InvalidAuditEvent | IllegalArgumentException e) {
      // Whatever it is, it is not what Auth writes; its hash tells whether it was changed.
    }
  }

  /// Signed by a host of the cluster that the chain is of, with a certificate that counted then.
  /// One that says a time at which it did not count, and counted when it was issued, is of a host
  /// whose clock was wrong.
  private Trust trust(Checkpoint checkpoint) {
    try {
      var certificate = checkpoint.x509();
      if (!checkpoint.isSignedBy(certificate.getPublicKey())) {
        return Trust.NONE;
      }
      if (counts(checkpoint, certificate, checkpoint.time())) {
        return Trust.SIGNED;
      }
      return counts(checkpoint, certificate, certificate.getNotBefore().toInstant())
          ? Trust.WRONG_CLOCK
          : Trust.NONE;
    } catch (CertificateException e) {
      return Trust.NONE;
    }
  }

  private boolean counts(Checkpoint checkpoint, X509Certificate certificate, Instant at) {
    return counts(checkpoint, certificate, trust, at)
        || retired.stream()
            .filter(one -> !at.isAfter(one.at()))
            .anyMatch(one -> counts(checkpoint, certificate, one.trust(), at));
  }

  private static boolean counts(
      Checkpoint checkpoint, X509Certificate certificate, TrustBundle by, Instant at) {
    var verified = new IdentityVerifier(() -> by, () -> at).host(List.of(certificate), SIGNERS);
    return verified instanceof Verification.Verified<VerifiedHost>(VerifiedHost host)
        && maySign(host.identity(), checkpoint.link().chain());
  }

  /// An agent signs its own chains, and Auth those of hosts that only report to it.
  private static boolean maySign(HostIdentity host, ChainId chain) {
    return chain.isReported()
        ? host.role() == SystemRole.AUTH
        : host.hostId().equals(chain.agent());
  }

  private static ChainHash hash(String hex) {
    try {
      return ChainHash.parse(hex);
    } catch (IllegalArgumentException e) {
      // A hash that is none equals no hash.
      return ChainHash.of(new byte[ChainHash.BYTES]);
    }
  }
}
