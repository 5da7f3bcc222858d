package dev.sallyport.audit;

/// Something that happened and must be found again. Names, codes and fields are those of Teleport,
/// so that tools which read its log read ours.
///
/// Each event is a record; its JSON form is made by [AuditJson] from the record's components.
public sealed interface AuditEvent permits DatabaseEvent, UserEvent, ClusterEvent {

  /// What every event has.
  EventHeader header();

  /// The event's name, such as `db.session.start`.
  String event();

  /// The event's code, such as `TDB00I`; its last letter tells how bad it is: information, warning,
  /// error.
  String code();
}
