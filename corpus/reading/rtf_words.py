"""The control words of Rich Text that matter to a reader of its words, and what they stand for."""

from collections.abc import Mapping

SPECIAL: Mapping[str, str] = {
    "line": "\n", "lbr": "\n", "softline": "\n", "tab": " ", "emdash": "—", "endash": "–", "emspace": " ",
    "enspace": " ", "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "", "rtlmark": "",
}  # fmt: skip
"""Words that stand for characters."""
PLAIN: Mapping[str, str] = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
"""Words that name the encoding of the whole file."""
CHARSETS: Mapping[int, str] = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""The encodings of fonts by the numbers of their character sets."""
READ_IN_SPITE = frozenset("shpinst shptxt dptxbxtext cs ds".split())
"""Groups that are read although they are marked as ones that a program may ignore."""
SKIPPED = frozenset(
    "aftncn aftnsep aftnsepc annotation atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart "
    "background bkmkend bkmkstart blipuid category colorschememapping colortbl comment company creatim datafield "
    "datastore defchp defpap doccomm docvar ebcend ebcstart factoidname falt fchars ffdeftext ffentrymcr ffexitmcr "
    "ffformat ffhelptext ffl ffname ffstattext file filetbl fldinst fldtype fontemb fontfile footer footerf footerl "
    "footerr formfield ftncn ftnsep ftnsepc generator gridtbl header headerf headerl headerr hl hlfr hlinkbase hlloc "
    "hlsrc hsv htmltag keycode keywords latentstyles lchars levelnumbers leveltext lfolevel linkval list listlevel "
    "listname listoverride listoverridetable listpicture liststylename listtable lsdlockedexcept mailmerge manager "
    "mmathPict nesttableprops nextfile nonesttables objalias objclass objdata objname objsect objtime oldcprops "
    "oldpprops oldsprops oldtprops oleclsid operator panose password passwordhash pgp pgptbl picprop pict pn pnseclvl "
    "pntxta pntxtb printim private propname protend protstart protusertbl pxe revtbl revtim rsidtbl rxe shppict "
    "shprslt sn sp staticval subject sv svb tc template themedata txe ud userprops wgrffmtfilter windowcaption "
    "writereservation writereservhash xe xform xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl xmlopen".split()
)
"""Groups without words of the text."""
