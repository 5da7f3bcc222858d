package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.ChainNames;
import dev.sallyport.control.AuditChain;
import dev.sallyport.control.ControlJson;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Notes in the cluster's state how far each chain has come, so that an audit store that was cut
/// off, or an old copy of it, does not pass for the real one. An attacker who puts back old copies
/// of both together is found only by what the agents still hold, and by exports.
public final class ChainWitness {
  private static final String PREFIX = "audit/witness/";
  private static final AuditChain.Witness NOTHING = new AuditChain.Witness(1, 0, "", 0);

  private final StateStore store;

  public ChainWitness(StateStore store) {
    this.store = store;
  }

  /// What was noted of a chain last.
  public Optional<AuditChain.Witness> of(String chain) {
    return store
        .get(PREFIX + chain)
        .map(item -> ControlJson.ANSWERS.readValue(item.value(), AuditChain.Witness.class));
  }

  /// What was noted of every chain, by its name.
  Map<String, AuditChain.Witness> all() {
    var all = new TreeMap<String, AuditChain.Witness>();
    for (var item : store.all(PREFIX)) {
      all.put(
          item.key().substring(PREFIX.length()),
          ControlJson.ANSWERS.readValue(item.value(), AuditChain.Witness.class));
    }
    return all;
  }

  /// Notes every chain that has grown from what was noted, in records or in signatures. One that
  /// was rewritten keeps its old note, so that verification finds it for ever.
  public void note(AuditStore audit) throws AuditUnavailable {
    var known = all();
    for (var head : audit.chains()) {
      var before = known.getOrDefault(head.chain(), NOTHING);
      var signed = Math.min(head.last(), audit.signed(head.chain()));
      if (head.last() < before.sequence()
          || (head.last() == before.sequence() && signed <= before.signed())
          || !grownFrom(before, head, audit)) {
        continue;
      }
      put(
          head.chain(),
          new AuditChain.Witness(
              before.first(), head.last(), head.head(), Math.max(signed, before.signed())));
    }
  }

  private static boolean grownFrom(AuditChain.Witness noted, ChainHead head, AuditStore audit)
      throws AuditUnavailable {
    if (noted.sequence() < head.first()) {
      return true;
    }
    return audit.entries(head.chain(), noted.sequence(), 1).stream()
        .anyMatch(
            entry -> entry.sequence() == noted.sequence() && entry.hash().equals(noted.hash()));
  }

  /// Notes what retention left of a chain. Nobody else may move its beginning.
  void dropped(ChainHead edge) {
    var signed = of(edge.chain()).orElse(NOTHING).signed();
    put(edge.chain(), new AuditChain.Witness(edge.first(), edge.last(), edge.head(), signed));
  }

  /// The chains that are not as far as was noted, or are there no more.
  List<ChainHead> behind(AuditStore audit) throws AuditUnavailable {
    var behind = new ArrayList<ChainHead>();
    for (var entry : all().entrySet()) {
      var name = entry.getKey();
      var noted = entry.getValue();
      var head = audit.head(name).orElseGet(() -> ChainHead.empty(ChainNames.parse(name)));
      var forked = head.last() == noted.sequence() && !head.head().equals(noted.hash());
      if (head.last() < noted.sequence() || forked) {
        behind.add(head);
      }
    }
    return behind;
  }

  private void put(String chain, AuditChain.Witness witness) {
    var value = ControlJson.text(witness);
    store.commit(
        List.of(new Write.Put(PREFIX + chain, value, Condition.always(), Optional.empty())));
  }
}
