/** Names that the sample databases draw from. Cities stand with their country; all people are invented. */

export const countries = [
  ['DE', 'Germany', 'Europe', ['Berlin', 'Hamburg', 'Munich', 'Cologne', 'Leipzig', 'Stuttgart'], 26],
  ['FR', 'France', 'Europe', ['Paris', 'Lyon', 'Marseille', 'Toulouse', 'Nantes'], 15],
  ['NL', 'Netherlands', 'Europe', ['Amsterdam', 'Rotterdam', 'Utrecht', 'Eindhoven'], 12],
  ['GB', 'United Kingdom', 'Europe', ['London', 'Manchester', 'Bristol', 'Edinburgh', 'Leeds'], 12],
  ['ES', 'Spain', 'Europe', ['Madrid', 'Barcelona', 'Valencia', 'Seville'], 9],
  ['IT', 'Italy', 'Europe', ['Rome', 'Milan', 'Turin', 'Bologna'], 8],
  ['AT', 'Austria', 'Europe', ['Vienna', 'Graz', 'Salzburg'], 6],
  ['SE', 'Sweden', 'Europe', ['Stockholm', 'Gothenburg', 'Malmo'], 5],
  ['PL', 'Poland', 'Europe', ['Warsaw', 'Krakow', 'Gdansk'], 5],
  ['CH', 'Switzerland', 'Europe', ['Zurich', 'Basel', 'Bern'], 4],
  ['US', 'United States', 'North America', ['Chicago', 'Portland', 'Austin', 'Boston'], 4],
  ['CA', 'Canada', 'North America', ['Toronto', 'Montreal', 'Vancouver'], 2],
  ['JP', 'Japan', 'Asia', ['Tokyo', 'Osaka', 'Sapporo'], 1],
  ['PT', 'Portugal', 'Europe', ['Lisbon', 'Porto'], 0],
  ['VN', 'Vietnam', 'Asia', ['Hanoi', 'Da Nang'], 0],
];

export const streets = [
  'Market Street', 'Mill Lane', 'Station Road', 'Park Avenue', 'Harbour Street', 'Church Road', 'Garden Row', 'Castle Street', 'River Walk',
  'Oak Avenue', 'Linden Street', 'Bridge Street', 'School Lane', 'Hill Road', 'Orchard Way', 'Meadow Lane', 'King Street', 'Museum Square',
  'Canal Street', 'Sunset Boulevard', 'Birch Road', 'Chapel Lane', 'Windmill Way', 'Cherry Street',
];

export const firstNames = [
  'Anna', 'Ben', 'Clara', 'David', 'Emma', 'Felix', 'Grace', 'Hugo', 'Ida', 'Jonas', 'Karla', 'Leo', 'Maria', 'Noah', 'Olivia', 'Paul', 'Rosa', 'Simon',
  'Tess', 'Victor', 'Wanda', 'Yara', 'Alice', 'Bruno', 'Chiara', 'Daniel', 'Elena', 'Francesca', 'Georg', 'Hanna', 'Ivan', 'Julia', 'Kenji', 'Laura',
  'Marco', 'Nina', 'Oscar', 'Petra', 'Quentin', 'Rachel', 'Sofia', 'Thomas', 'Ursula', 'Vera', 'Walter', 'Yuki', 'Zoe', 'Arthur', 'Beatrice', 'Camille',
  'Dominik', 'Eva', 'Finn', 'Greta', 'Henry', 'Isabel', 'Jakub', 'Katarina', 'Lukas', 'Mathilde',
];

export const lastNames = [
  'Adler', 'Bauer', 'Costa', 'Dubois', 'Eriksson', 'Fischer', 'Garcia', 'Hoffmann', 'Ito', 'Jansen', 'Kowalski', 'Lambert', 'Moreau', 'Novak', 'Olsen',
  'Petit', 'Quinn', 'Rossi', 'Schmidt', 'Tanaka', 'Ullmann', 'Visser', 'Weber', 'Young', 'Zimmer', 'Andersson', 'Bianchi', 'Carter', 'de Vries', 'Evans',
  'Fontaine', 'Greco', 'Huber', 'Ivanov', 'Jones', 'Keller', 'Lopez', 'Marino', 'Nilsson', "O'Connor", 'Pereira', 'Ramirez', 'Sato', 'Taylor', 'Unger',
  'van Dijk', 'Wagner', 'Baker', 'Clarke', 'Davies', 'Ferrari', 'Gruber', 'Harris', 'Johansson', 'Klein', 'Leroy', 'Martin', 'Nowak', 'Russo', 'Walker',
];

/** Shelves of the shop: parent, name, price range in euros, weight range in grams, things. */
export const shelves = [
  ['Kitchen', 'Cookware', [18, 160], [400, 4200], ['Frying Pan', 'Saucepan', 'Casserole', 'Wok', 'Roasting Tin', 'Stock Pot']],
  ['Kitchen', 'Small Appliances', [25, 320], [800, 6000], ['Toaster', 'Kettle', 'Blender', 'Espresso Machine', 'Hand Mixer', 'Rice Cooker']],
  ['Kitchen', 'Tableware', [6, 75], [200, 1800], ['Dinner Plate Set', 'Cutlery Set', 'Water Glasses', 'Salad Bowl', 'Teapot', 'Coffee Mug']],
  ['Living', 'Lighting', [15, 260], [300, 5200], ['Desk Lamp', 'Floor Lamp', 'Pendant Light', 'Table Lamp', 'String Lights']],
  ['Living', 'Textiles', [12, 140], [250, 2600], ['Wool Blanket', 'Cushion', 'Curtain Pair', 'Door Mat', 'Cotton Rug']],
  ['Living', 'Furniture', [60, 900], [3000, 38000], ['Bookcase', 'Armchair', 'Side Table', 'Coat Stand', 'Writing Desk', 'Bar Stool']],
  ['Garden', 'Garden Tools', [9, 180], [300, 6500], ['Spade', 'Pruning Shears', 'Watering Can', 'Rake', 'Hedge Trimmer', 'Hand Trowel']],
  ['Garden', 'Outdoor Furniture', [35, 650], [2500, 26000], ['Folding Chair', 'Garden Bench', 'Parasol', 'Hammock', 'Bistro Table']],
  ['Garden', 'Seeds and Plants', [3, 45], [20, 2400], ['Tomato Seeds', 'Lavender Plant', 'Herb Garden Kit', 'Wildflower Mix', 'Olive Tree']],
  ['Sports', 'Camping', [14, 480], [250, 7200], ['Two-Person Tent', 'Sleeping Bag', 'Camping Stove', 'Headlamp', 'Hiking Backpack', 'Thermos Flask']],
  ['Sports', 'Cycling', [8, 220], [80, 1500], ['Bike Helmet', 'Pannier Bag', 'Bike Pump', 'Rear Light', 'Bike Lock', 'Cycling Gloves']],
  ['Sports', 'Running', [10, 190], [60, 900], ['Running Shoes', 'Running Vest', 'Sports Watch', 'Running Belt', 'Rain Jacket']],
  ['Electronics', 'Audio', [20, 420], [60, 5200], ['Headphones', 'Bluetooth Speaker', 'Earbuds', 'Record Player', 'Radio']],
  ['Electronics', 'Computer Accessories', [9, 210], [60, 1900], ['Wireless Mouse', 'Mechanical Keyboard', 'USB Hub', 'Laptop Stand', 'Webcam']],
  ['Electronics', 'Phone Accessories', [6, 90], [30, 450], ['Phone Case', 'Power Bank', 'Wireless Charger', 'Car Mount']],
  ['Children', 'Board Games', [12, 70], [300, 2200], ['Strategy Game', 'Memory Game', 'Card Game', 'Puzzle']],
  ['Children', 'Building Toys', [15, 150], [300, 3500], ['Wooden Blocks', 'Train Set', 'Marble Run', 'Robot Kit']],
  ['Children', 'Crafts', [4, 60], [100, 1500], ['Watercolour Set', 'Modelling Clay', 'Knitting Kit', 'Bead Box']],
];

/** Shelves that cut across the tree; a product may stand on one of them as well. */
export const extraShelves = ['Gifts', 'Sustainable', 'New Arrivals'];

export const brands = ['Nordholm', 'Juniper', 'Alba', 'Kestrel', 'Maison Verte', 'Ravello', 'Tidewater', 'Ostrava', 'Brightside', 'Fernway', 'Hinoki', 'Cobalt'];
export const lines = ['Classic', 'Aspen', 'Luna', 'Terra', 'Swift', 'Harbour', 'Ember', 'Willow', 'Atlas', 'Nova'];
export const colors = ['black', 'white', 'blue', 'green', 'red', 'grey', 'natural', 'yellow'];
/** By top shelf: what its things are made of, and what is said of them. */
export const materials = {
  Kitchen: ['stainless steel', 'cast iron', 'stoneware', 'borosilicate glass', 'recycled aluminium'],
  Living: ['solid oak', 'linen', 'merino wool', 'powder-coated steel', 'bamboo'],
  Garden: ['galvanised steel', 'acacia wood', 'recycled plastic', 'untreated ash', 'natural fibre'],
  Sports: ['waterproof nylon', 'ripstop polyester', 'light aluminium', 'recycled rubber', 'breathable mesh'],
  Electronics: ['recycled plastic', 'brushed aluminium', 'vegan leather', 'bamboo and steel', 'matt glass'],
  Children: ['beech wood', 'organic cotton', 'recycled cardboard', 'cork', 'natural rubber'],
};
export const promises = {
  Kitchen: ['dishwasher safe', 'easy to clean', 'made to last', 'safe for daily use', 'packed without plastic'],
  Living: ['quick to assemble', 'made to last', 'easy to clean', 'packed without plastic', 'a favourite of our team'],
  Garden: ['weatherproof', 'made to last', 'light enough to carry', 'easy to store', 'packed without plastic'],
  Sports: ['light enough to carry', 'weatherproof', 'tested on long tours', 'easy to clean', 'folds down small'],
  Electronics: ['quiet and efficient', 'charges in two hours', 'works with every system', 'made to last', 'packed without plastic'],
  Children: ['for ages three and up', 'for the whole family', 'safe for daily use', 'a favourite of our team', 'packed without plastic'],
};

export const suppliers = [
  ['Lindqvist Trading', 'SE'], ['Bergmann Haushalt', 'DE'], ['Atelier Fournier', 'FR'], ['Hanoi Craft Export', 'VN'], ['Rossi Metalli', 'IT'],
  ['Cork and Clay', 'PT'], ['Tanaka Works', 'JP'], ['Greenfield Supply', 'GB'], ['Delta Outdoor', 'NL'], ['Polna Toys', 'PL'],
  ['Alpine Gear', 'CH'], ['Iberia Textil', 'ES'], ['Northbank Audio', 'GB'], ['Wiener Licht', 'AT'], ['Lakeshore Imports', 'US'],
  ['Mekong Bamboo', 'VN'], ['Kaminski Elektro', 'PL'], ['Porto Ceramics', 'PT'], ['Duinwijk Garden', 'NL'], ['Schwarz Fahrradteile', 'DE'],
];

export const stores = [
  ['Berlin Mitte', 'DE', 'Berlin', 640], ['Hamburg Altona', 'DE', 'Hamburg', 520], ['Munich Schwabing', 'DE', 'Munich', 480], ['Paris Marais', 'FR', 'Paris', 390],
  ['Lyon Presquile', 'FR', 'Lyon', 310], ['Amsterdam Jordaan', 'NL', 'Amsterdam', 350], ['Rotterdam Centrum', 'NL', 'Rotterdam', 420],
  ['London Camden', 'GB', 'London', 450], ['Barcelona Gracia', 'ES', 'Barcelona', 370], ['Milan Brera', 'IT', 'Milan', 330], ['Vienna Neubau', 'AT', 'Vienna', 300],
  ['Stockholm Sodermalm', 'SE', 'Stockholm', 280],
];

export const warehouses = [['Leipzig Hub', 'DE', 'Leipzig', 5200], ['Rotterdam Port', 'NL', 'Rotterdam', 7400], ['Lyon Sud', 'FR', 'Lyon', 3100], ['Krakow East', 'PL', 'Krakow', 2600]];

export const carriers = [['Swiftparcel', 28], ['Bluebird Post', 30], ['Greenline Cargo', 18], ['Nordic Express', 14], ['City Couriers', 10]];

export const reviewTitles = {
  5: ['Love it', 'Perfect', 'Better than expected', 'Would buy again'],
  4: ['Very good', 'Happy with it', 'Good value', 'Almost perfect'],
  3: ['It is okay', 'Does the job', 'Average'],
  2: ['Not convinced', 'Expected more', 'Rather flimsy'],
  1: ['Broke after a week', 'Disappointed', 'Do not buy'],
};

export const returnReasons = [['damaged', 24], ['wrong size', 22], ['changed mind', 30], ['defective', 16], ['late delivery', 8]];
