"""The words around the tabs."""

ENGLISH = {
    "tagline": "Every sentence carries the words it rests on.",
    "chat": "Chat",
    "documents": "Documents",
    "compare": "Compare",
    "evaluate": "Evaluate",
    "settings": "Settings",
}

JAPANESE = {
    "tagline": "どの文にも、拠りどころの原文が付いています。",
    "chat": "チャット",
    "documents": "文書",
    "compare": "比較",
    "evaluate": "評価",
    "settings": "設定",
}
