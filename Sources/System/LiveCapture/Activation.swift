internal import CPcap
import LinuxSystem
import PacketWire

/// Makes a created handle capture: libpcap's warning, if it has one.
/// The corresponding C call is `pcap_activate`.
func activate(
  _ handle: OpaquePointer, _ settings: LiveCapture.Settings
) throws(LiveCaptureError) -> String? {
  unsafe try prepare(handle, settings)
  let status = unsafe pcap_activate(handle)
  guard status >= 0 else { throw unsafe activationError(handle, status, settings.interface) }
  let warning = status > 0 ? unsafe lastError(handle) : nil
  var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
  guard unsafe pcap_setnonblock(handle, 1, &text) == 0 else {
    throw LiveCaptureError(
      operation: "capture on", interface: settings.interface, reason: string(text))
  }
  unsafe try chooseDataLink(handle, settings)
  if settings.direction != .inout {
    let direction = settings.direction == .in ? PCAP_D_IN : PCAP_D_OUT
    guard unsafe pcap_setdirection(handle, direction) == 0 else {
      throw LiveCaptureError(
        operation: "choose a direction on", interface: settings.interface,
        reason: unsafe lastError(handle))
    }
  }
  return warning
}

/// All that has to be said before the activation.
private func prepare(
  _ handle: OpaquePointer, _ settings: LiveCapture.Settings
) throws(LiveCaptureError) {
  _ = unsafe pcap_set_snaplen(handle, CInt(clamping: settings.snapshotLength))
  _ = unsafe pcap_set_promisc(handle, settings.isPromiscuous ? 1 : 0)
  _ = unsafe pcap_set_buffer_size(handle, settings.bufferLength)
  _ = unsafe pcap_set_timeout(handle, settings.gatheringTime)
  _ = unsafe pcap_set_immediate_mode(handle, settings.isImmediate ? 1 : 0)
  _ = unsafe pcap_set_tstamp_precision(handle, CInt(PCAP_TSTAMP_PRECISION_NANO))
  if settings.isMonitor {
    guard unsafe pcap_can_set_rfmon(handle) == 1 else {
      throw LiveCaptureError(
        operation: "use monitor mode on", interface: settings.interface,
        reason: "it is no wireless interface that has it")
    }
    _ = unsafe pcap_set_rfmon(handle, 1)
  }
  if let type = settings.timestampType {
    // A positive status is a warning: the type is not the interface's, and another one is taken.
    guard unsafe pcap_set_tstamp_type(handle, type) == 0 else {
      throw LiveCaptureError(
        operation: "choose time stamps on", interface: settings.interface,
        reason: "it has no stamps of this type", remedy: "-J lists those that it has")
    }
  }
}

/// On "any", the second version of the cooked header names each packet's interface. Where the libpcap
/// is too old for it, the first version does.
private func chooseDataLink(
  _ handle: OpaquePointer, _ settings: LiveCapture.Settings
) throws(LiveCaptureError) {
  guard let wanted = settings.dataLink else {
    if unsafe pcap_datalink(handle) == DLT_LINUX_SLL {
      _ = unsafe pcap_set_datalink(handle, LinkType.linuxSLL2.dataLink)
    }
    return
  }
  guard unsafe pcap_set_datalink(handle, wanted) == 0 else {
    throw LiveCaptureError(
      operation: "choose a link type on", interface: settings.interface,
      reason: unsafe lastError(handle), remedy: "-L lists those that it has")
  }
}

private func activationError(
  _ handle: OpaquePointer, _ status: CInt, _ interface: String
) -> LiveCaptureError {
  // The status has a text of its own; the handle's says more where there is one.
  let detail = unsafe lastError(handle)
  let general = unsafe pcap_statustostr(status).map { unsafe String(cString: $0) } ?? ""
  let remedy: String? =
    switch status {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      "run as root, or: sudo setcap cap_net_raw,cap_net_admin+ep "
        + (Privileges.programPath ?? "PROGRAM")
    case PCAP_ERROR_NO_SUCH_DEVICE: "`sniff-swift -D` lists the interfaces"
    case PCAP_ERROR_IFACE_NOT_UP: "sudo ip link set \(interface) up"
    default: nil
    }
  return LiveCaptureError(
    operation: "capture on", interface: interface,
    reason: remedy == nil && !detail.isEmpty ? detail : general, remedy: remedy)
}
