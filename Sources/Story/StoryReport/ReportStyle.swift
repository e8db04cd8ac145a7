import PacketText
import PacketWire

/// The page's only style sheet. The page's policy allows no other, and names it by its digest.
enum ReportStyle {
  /// As it stands between the tags, to the octet.
  static let sheet: StaticString = """
    :root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1f;--soft:#54565c;--line:#c9ccd3;--box:#f4f5f8;
    --link:#0b4fb3;--warn:#fff3d6;--warnline:#8a5a00;
    --name:#7440a8;--connect:#1565a8;--tls:#9a5200;--request:#00695c;--wait:#6a6d75;--content:#2a7230;
    --other:#76606b;
    --c0:#ffe1d3;--c1:#fdeebb;--c2:#dcf2cd;--c3:#cbeeea;--c4:#d5e5ff;--c5:#e7dcff;--c6:#ffdcee;--c7:#e3e3e6}
    @media (prefers-color-scheme:dark){:root{--bg:#15171b;--fg:#e8e8ec;--soft:#b0b4bd;--line:#454a54;--box:#1f2228;
    --link:#8fbcff;--warn:#3a2f14;--warnline:#e0b050;
    --name:#c7a0f2;--connect:#7db9f0;--tls:#f0b266;--request:#5fc9ba;--wait:#b3b7c0;--content:#85d38b;
    --other:#cbb2bd;
    --c0:#5c3120;--c1:#55460f;--c2:#2d4b1c;--c3:#174b47;--c4:#1e3e6c;--c5:#40306e;--c6:#602348;--c7:#474a50}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1rem;max-width:75rem;background:var(--bg);color:var(--fg);
    font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
    h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.3rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
    h3{font-size:1.05rem;margin:1.2rem 0 .3rem}p{margin:.4rem 0}
    a{color:var(--link)}a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
    .skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--bg);padding:.5rem}
    .soft,.time,.because,footer{color:var(--soft)}.because{font-size:.875rem}
    .brief{font-size:1.1rem;padding-left:1.3rem}.brief li{margin:.3rem 0}
    nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0}
    .box{border:1px solid var(--line);border-left:6px solid var(--warnline);background:var(--warn);padding:.3rem 1rem;border-radius:4px}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600;padding:.3rem 0}
    th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line)}
    th{font-weight:600}td,th{overflow-wrap:break-word}th[scope=row]{overflow-wrap:anywhere;min-width:9rem}.wide td{overflow-wrap:anywhere;min-width:4.5rem}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    ol.steps{list-style:none;padding:0;margin:0}
    .step{border-left:5px solid var(--other);padding:.2rem 0 .2rem .8rem;margin:.6rem 0}.step:target{background:var(--box);outline:2px solid var(--link)}
    .head{display:flex;flex-wrap:wrap;gap:0 .9rem;font-size:.9rem}.head .num{font-weight:700;font-size:1rem}
    .name{border-color:var(--name)}.connect{border-color:var(--connect)}.tls{border-color:var(--tls)}
    .request{border-color:var(--request)}.content{border-color:var(--content)}
    details{margin:.3rem 0}summary{cursor:pointer;color:var(--link);width:fit-content}
    .packet{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
    .packet>.scroll{flex:0 1 auto;max-width:100%}.packet>.fields{flex:1 1 28rem;min-width:0}
    pre{margin:.4rem 0;font:.8125rem/1.6 ui-monospace,monospace;overflow-wrap:normal}
    .c0{background:var(--c0)}.c1{background:var(--c1)}.c2{background:var(--c2)}.c3{background:var(--c3)}
    .c4{background:var(--c4)}.c5{background:var(--c5)}.c6{background:var(--c6)}.c7{background:var(--c7)}
    .k{display:inline-block;width:.9rem;height:.9rem;border:1px solid var(--soft);margin-right:.4rem;vertical-align:-.1rem}
    .fields table{font-size:.875rem}.wrong{font-weight:700}
    svg{display:block}svg text{fill:var(--fg);stroke:var(--bg);stroke-width:4px;paint-order:stroke;font:12px system-ui,sans-serif}svg .soft{fill:var(--soft)}svg .b{font-weight:700}
    .lane{stroke:var(--soft);stroke-width:1}.cut{stroke:var(--warnline);stroke-width:2;fill:none}
    .a{stroke:var(--other);stroke-width:2;fill:none}.t{fill:var(--other);stroke:none}
    .a.name{stroke:var(--name)}.t.name{fill:var(--name)}.a.connect{stroke:var(--connect)}.t.connect{fill:var(--connect)}
    .a.tls{stroke:var(--tls)}.t.tls{fill:var(--tls)}.a.request{stroke:var(--request)}.t.request{fill:var(--request)}
    .a.content{stroke:var(--content)}.t.content{fill:var(--content)}
    .f-name{fill:var(--name);background:var(--name)}.f-connect{fill:var(--connect);background:var(--connect)}
    .f-tls{fill:var(--tls);background:var(--tls)}.f-request{fill:var(--request);background:var(--request)}
    .f-wait{fill:var(--wait);background:var(--wait)}.f-content{fill:var(--content);background:var(--content)}
    .bar{width:100%;min-width:8rem;height:1.1rem}.track{fill:var(--box)}
    .key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0}
    @media (max-width:44rem){.wide thead{position:absolute;left:-999rem}.wide tr,.wide td,.wide th[scope=row]{display:block}
    .wide tr{border-bottom:1px solid var(--line);padding:.3rem 0}.wide td,.wide th[scope=row]{border:0;padding:0;text-align:left;white-space:normal}
    .wide td[data-is]:before{content:attr(data-is) ": ";color:var(--soft)}}
    @media print{:root{color-scheme:light}body{max-width:none;font-size:10pt}nav,.skip,details:not([open]){display:none}
    .step,.bar,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}a{color:inherit;text-decoration:none}}
    """

  /// The policy that allows the sheet and nothing else (CSP Level 3 §2.3.1).
  static func appendPolicy(to writer: inout HTMLWriter) {
    var sheet = TextBuffer()
    sheet.append(Self.sheet)
    let digest = SHA256.digest(sheet.octets)
    writer.markup("default-src 'none'; style-src 'sha256-")
    writer.text(Base64.encode(digest))
    writer.markup("'; base-uri 'none'; form-action 'none'")
  }
}
