"""The dialog engine: one message is one turn of one citizen's conversation. Starts at
`conversation.take_turn`; a dialog is written down with `definition`.
"""
