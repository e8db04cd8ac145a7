extension TextBuffer {
  /// Units of a tenth, with one decimal.
  mutating func append(tenths value: UInt32) {
    append(decimal: value / 10)
    append(octet: 0x2e)
    append(decimal: value % 10)
  }

  /// Why a station was turned away (IEEE 802.11 table 9-49), as far as it is common.
  mutating func append(reason code: UInt16) {
    switch code {
    case 1: append("Unspecified reason")
    case 2: append("Previous authentication no longer valid")
    case 3:
      append("Deauthenticated because sending STA is leaving (or has left) IBSS or ESS")
    case 4: append("Disassociated due to inactivity")
    case 5:
      append("Disassociated because AP is unable to handle all currently  associated STAs")
    case 6: append("Class 2 frame received from nonauthenticated STA")
    case 7: append("Class 3 frame received from nonassociated STA")
    case 8: append("Disassociated because sending STA is leaving (or has left) BSS")
    case 9:
      append("STA requesting (re)association is not authenticated with responding STA")
    case 12: append("Disassociated due to BSS transition management")
    case 14: append("Message integrity code (MIC) failure")
    case 15: append("4-Way Handshake timeout")
    case 16: append("Group key handshake timeout")
    case 18: append("Invalid group cipher")
    case 19: append("Invalid pairwise cipher")
    case 20: append("Invalid AKMP")
    case 21: append("Unsupported RSNE version")
    case 22: append("Invalid RSNE capabilities")
    case 23: append("IEEE 802.1X authentication failed")
    case 24: append("Cipher suite rejected because of the security policy")
    case 0, 40...44, 67...: append("Reserved")
    default:
      append("reason ")
      append(decimal: code)
    }
  }

  /// How a request ended (IEEE 802.11 table 9-50), as far as it is common.
  mutating func append(status code: UInt16) {
    switch code {
    case 0: append("Successful")
    case 1: append("Unspecified failure")
    case 10: append("Cannot Support all requested capabilities in the Capability Information field")
    case 11:
      append("Reassociation denied due to inability to confirm that association exists")
    case 12: append("Association denied due to reason outside the scope of this standard")
    case 13: append("Responding STA does not support the specified authentication algorithm")
    case 15: append("Authentication rejected because of challenge failure")
    case 16: append("Authentication rejected due to timeout waiting for next frame in sequence")
    case 17:
      append("Association denied because AP is unable to handle additional associated STAs")
    case 30: append("Association request rejected temporarily; try again later")
    case 31: append("Robust management frame policy violation")
    case 37: append("The request has been declined")
    case 41: append("Invalid group cipher")
    case 42: append("Invalid pairwise cipher")
    case 43: append("Invalid AKMP")
    case 45: append("Invalid RSNE capabilities")
    case 53: append("Invalid pairwise master key identifier (PMKID)")
    default:
      append("status ")
      append(decimal: code)
    }
  }

  /// What an action frame asks for (IEEE 802.11 table 9-51).
  mutating func append(category: UInt8, action: UInt8) {
    switch category {
    case 0: append("Spectrum Management ")
    case 1: append("QoS ")
    case 2: append("DLS ")
    case 3: append("BA ")
    case 7: append("HT ")
    case 13: append("MeshAction ")
    case 14: append("MultiohopAction ")
    case 15: append("SelfprotectAction ")
    case 127: append("Vendor ")
    default:
      append("Reserved(")
      append(decimal: category)
      append(") ")
    }
    switch (category, action) {
    case (3, 0): append("ADDBA Request")
    case (3, 1): append("ADDBA Response")
    case (3, 2): append("DELBA")
    case (7, 0): append("TxChWidth")
    case (7, 1): append("MIMOPwrSave")
    case (13, 0): append("MeshLink")
    case (13, 1): append("HWMP")
    case (13, 2): append("Gate Announcement")
    case (13, 3): append("Congestion Control")
    case (14, 0): append("Proxy Update")
    case (14, 1): append("Proxy Update Confirmation")
    case (15, 1): append("Peering Open")
    case (15, 2): append("Peering Confirm")
    case (15, 3): append("Peering Close")
    case (15, 4): append("Group Key Inform")
    case (15, 5): append("Group Key Acknowledge")
    default:
      append("Act#")
      append(decimal: action)
    }
  }
}
