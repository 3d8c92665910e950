/** Keys of a comparison, beside those that it has in common with a panel. */
export const comparisonHelp: readonly (readonly [keys: string, effect: string])[] = [
  ['Arrow keys', 'Go from map to map'],
  ['Enter', 'Move over the patches of a map by the arrow keys, in all maps at once; Esc goes back'],
  ['M', 'Mark a map; two marked maps are held against each other'],
  ['P', 'Open the map in a panel'],
  ['D and W', 'Of the marked maps: their difference, or swipe between them'],
  ['C', 'One scale for the maps of a method, or one for each map'],
  ['O or Space', 'Show the pictures without the maps; hold for a glance'],
  ['S', 'Switch between smooth and patches'],
  ['T', 'Switch Otsu’s threshold on or off'],
  ['+ and −', 'More or less opaque'],
  ['Z and Shift+Z', 'Zoom in and out, as Ctrl and the wheel do; drag to move the pictures'],
  ['0', 'Show the whole pictures'],
  ['Esc', 'Cancel what is running'],
  ['?', 'This help'],
];
