import { useState } from "react";
import { Modal } from "react-bootstrap";
import { call } from "../api/client";
import type { MfaDevice, MfaProof } from "../api/types";
import { useSession } from "../session";
import { ProveAgain } from "./ProveAgain";
import { useWork } from "./work";

/** Removes a second factor, after a proof. */
export function RemoveDevice({
  device,
  onDone,
  onCancel,
}: {
  device: MfaDevice;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { ended } = useSession();
  const work = useWork(ended);
  const [tries, setTries] = useState(0);
  const remove = (proof: MfaProof) =>
    work.run(async () => {
      try {
        await call("POST /v1/web/devices/remove", { id: device.id, proof });
        onDone();
      } catch (error) {
        setTries(tries + 1);
        throw error;
      }
    });
  return (
    <Modal show onHide={onCancel} aria-labelledby="remove-title" backdrop="static">
      <Modal.Header closeButton closeLabel="Cancel">
        <Modal.Title id="remove-title" as="h2">
          Remove “{device.name}”
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        <ProveAgain
          key={tries}
          withPassword={false}
          busy={work.busy}
          problems={work.problems}
          onProof={(proof) => void remove(proof)}
        />
      </Modal.Body>
    </Modal>
  );
}
